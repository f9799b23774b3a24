//! The part of the `libffi` crate's interface that rustpython-vm compiles against, without libffi.
//!
//! rustpython-vm always compiles its `_ctypes` module and links the C library libffi for it, which
//! would have to be installed where Crom is built. Recipes have no use for `ctypes`, and Crom refuses
//! to import `_ctypes` (crate `crom-python`, sandbox), so nothing of this is ever called. Types keep
//! their identity, which is all that the module's own tables need; a call or a callback panics.

/// Raw types.
pub mod low {
    use std::ffi::{c_ulong, c_void};

    /// A register-sized value.
    #[expect(non_camel_case_types, reason = "named so by libffi")]
    pub type ffi_arg = c_ulong;

    /// A call interface.
    #[expect(non_camel_case_types, reason = "named so by libffi")]
    #[derive(Debug)]
    pub struct ffi_cif(());

    /// The description of a type; only its address matters.
    #[expect(non_camel_case_types, reason = "named so by libffi")]
    #[derive(Debug)]
    pub struct ffi_type(
        #[expect(dead_code, reason = "makes the types' addresses differ")] pub(crate) u8,
    );

    /// The address of a function.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct CodePtr(pub *mut c_void);

    impl CodePtr {
        /// From the address of a function.
        pub fn from_ptr(function: *const c_void) -> Self {
            Self(function.cast_mut())
        }
    }
}

/// Safe types.
pub mod middle {
    use std::ffi::c_void;
    use std::marker::PhantomData;

    pub use crate::low::CodePtr;
    use crate::low::{ffi_cif, ffi_type};

    /// The type of an argument or result. Equal types have the same address.
    #[derive(Clone, Debug)]
    pub struct Type(&'static ffi_type);

    macro_rules! types {
        ($($name:ident $number:literal),* $(,)?) => {
            $(
                #[doc = concat!("The type `", stringify!($name), "`.")]
                pub fn $name() -> Self {
                    static TYPE: ffi_type = ffi_type($number);
                    Self(&TYPE)
                }
            )*
        };
    }

    impl Type {
        types! {
            void 0, u8 1, i8 2, u16 3, i16 4, u32 5, i32 6, u64 7, i64 8, f32 9, f64 10, pointer 11,
            isize 12, c_int 13,
        }

        /// A struct with these fields.
        pub fn structure(fields: impl IntoIterator<Item = Type>) -> Self {
            static TYPE: ffi_type = ffi_type(14);
            fields.into_iter().for_each(drop);
            Self(&TYPE)
        }

        /// What identifies the type.
        pub fn as_raw_ptr(&self) -> *mut ffi_type {
            std::ptr::from_ref(self.0).cast_mut()
        }
    }

    /// A borrowed argument.
    #[derive(Clone, Debug)]
    pub struct Arg<'a>(PhantomData<&'a ()>);

    impl<'a> Arg<'a> {
        /// Borrows a value.
        pub fn new<T: ?Sized>(_value: &'a T) -> Self {
            Self(PhantomData)
        }
    }

    /// A call interface.
    #[derive(Clone, Debug)]
    pub struct Cif(());

    impl Cif {
        /// The interface of a function.
        pub fn new(arguments: impl IntoIterator<Item = Type>, _result: Type) -> Self {
            arguments.into_iter().for_each(drop);
            Self(())
        }

        /// Calls a function.
        ///
        /// # Safety
        /// None is needed.
        ///
        /// # Panics
        /// Always: there is no libffi.
        pub unsafe fn call<R>(&self, _function: CodePtr, _arguments: &[Arg<'_>]) -> R {
            unreachable!("ctypes is disabled: Crom is built without libffi")
        }
    }

    /// A function that C calls.
    pub type Callback<U, R> = unsafe extern "C" fn(
        cif: &ffi_cif,
        result: &mut R,
        arguments: *const *const c_void,
        userdata: &U,
    );

    /// A C function pointer with data.
    #[derive(Debug)]
    pub struct Closure<'a>(PhantomData<&'a ()>);

    impl<'a> Closure<'a> {
        /// Binds a callback to its data.
        pub fn new<U, R>(_cif: Cif, _callback: Callback<U, R>, _userdata: &'a U) -> Self {
            Self(PhantomData)
        }

        /// The function for C.
        ///
        /// # Panics
        /// Always: there is no libffi.
        pub fn code_ptr(&self) -> &unsafe extern "C" fn() {
            unreachable!("ctypes is disabled: Crom is built without libffi")
        }
    }
}
