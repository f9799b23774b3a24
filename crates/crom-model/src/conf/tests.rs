use pretty_assertions::assert_eq;

use super::*;
use crate::reference::RecipeReference;

fn loads(text: &str) -> Result<ConfDefinition, ConfError> {
    let mut definition = ConfDefinition::default();
    definition.loads(text, false)?;
    Ok(definition)
}

/// What follows `user.x:y`, and how it is written again.
#[test]
fn lines_and_their_values() {
    for (line, expected) in [
        ("=10*2", "=20"),
        ("=1_0", "=10"),
        ("=0x10", "=16"),
        ("=1e3", "=1000.0"),
        ("=(1,2)", "=(1, 2)"),
        ("=(1,)", "=(1,)"),
        ("=1,2", "=(1, 2)"),
        ("={1,1,2}", "={1, 2}"),
        ("=set()", "=set()"),
        ("={}", "={}"),
        ("=None", "=!"),
        ("=true", "=true"),
        ("=\"abc\"", "=\"abc\""),
        ("='a' 'b'", "='a' 'b'"),
        ("=['a' 'b']", "=['ab']"),
        ("=a=b", "=a=b"),
        ("+=a", "=['a']"),
        ("+=[]", "=[]"),
        ("=+a", "=['a']"),
        ("=+1", "=[1]"),
        ("*={'a':1}", "={'a': 1}"),
        ("=!", "=!"),
        ("=!a", "=!"),
        ("=~", "=!"),
        ("= !", "=!"),
        ("+=!", "=['!']"),
        ("!=a", "!=a"),
        ("!=+3", "!=[3]"),
        ("! = 1", "!=1"),
        ("=[1,2", "=[1,2"),
        ("=[(path)a]", "=[(path)a]"),
        ("= [ 'a' , 'b', ] ", "=['a', 'b']"),
        (
            "={'a':{'b':[1,None,True]}}",
            "={'a': {'b': [1, None, True]}}",
        ),
        ("={'a':1,'a':2}", "={'a': 2}"),
        ("={[1]:2}", "={[1]:2}"),
        ("=[\"it's\", 'q\"']", "=[\"it's\", 'q\"']"),
        ("=['it\\'s \"x\"']", "=['it\\'s \"x\"']"),
        (
            "=['é\\n', '\\x41\\101\\u00e9', r'\\d', '\\q']",
            "=['é\\n', 'AAé', '\\\\d', '\\\\q']",
        ),
        ("=['\\x00\\x7f\\xa0\\u200b']", "=['\\x00\\x7f\\xa0\\u200b']"),
        ("=['''a''']", "=['a']"),
        ("=0123", "=0123"),
        ("=00", "=0"),
        ("=1__0", "=1__0"),
        ("=1.2.3", "=1.2.3"),
        ("=1.", "=1.0"),
        ("=-1-2", "=-3"),
        ("=2019-1-2", "=2016"),
        ("=2019-01-02", "=2019-01-02"),
        ("=7/2", "=3.5"),
        ("=-7//2", "=-4"),
        ("=7%3", "=1"),
        ("=2**3", "=8"),
        ("=1/0", "=1/0"),
        ("=[1]+[2]", "=[1, 2]"),
        ("=[1]*2", "=[1, 1]"),
        ("=not True", "=False"),
        ("=1 and 2", "=2"),
        ("=1<2", "=True"),
        ("='a'=='a'", "=True"),
        ("=1 in [1]", "=True"),
        ("=1 2", "=1 2"),
        ("=nan", "=nan"),
        ("=[1e16, 1e15, 1e-5]", "=[1e+16, 1000000000000000.0, 1e-05]"),
        ("=['a'] # c", "=['a']"),
        ("='abc' # c", "='abc' # c"),
        ("=1 # c", "=1"),
        ("=99999999999999999999999", "=99999999999999999999999"),
        ("=re.search", "=re.search"),
        ("=__import__('os')", "=__import__('os')"),
        ("=", "="),
        ("=''", "=''"),
        ("=b'a'", "=b'a'"),
        ("=lambda: 1", "=lambda: 1"),
    ] {
        let dumped = loads(&format!("user.x:y{line}")).unwrap().dumps();
        assert_eq!(dumped, format!("user.x:y{expected}\n"), "{line}");
    }
    let deep = format!("user.x:y={}", "[".repeat(10_000));
    assert_eq!(loads(&deep).unwrap().dumps(), format!("{deep}\n"));
}

#[test]
fn lines_that_are_refused() {
    for (text, expected) in [
        ("user.x:y", "Bad conf definition: user.x:y (line 1)"),
        (
            "user.x:y=1\n\n[conf]",
            "Bad conf definition: [conf] (line 3)",
        ),
        ("User.x:y=1", "Conf 'User.x:y' must be lowercase"),
        ("user.x:Y=1", "Conf 'user.x:Y' must be lowercase"),
        (
            "*:core:non_interactive=1",
            "Conf '*:core:non_interactive' cannot have a package pattern",
        ),
        (
            "user.x:y=1\nuser.x:y+=2",
            "It's not possible to compose list values and int ones.",
        ),
        ("user.x:y*=3", "Only dicts can update other values."),
    ] {
        assert_eq!(loads(text).unwrap_err().to_string(), expected, "{text}");
    }
    for (text, name) in [
        ("core:non_interactive=1", "core:non_interactive"),
        ("pkg:core:non_interactive=1", "pkg:core:non_interactive"),
        ("foo:bar=1", "foo:bar"),
        ("&:foo=1", "&:foo"),
    ] {
        let error = ConfDefinition::default().loads(text, true).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("[conf] '{name}' not allowed in profiles")
        );
    }
    let unknown = loads("pkg/*:tools.foo:bar=1")
        .unwrap()
        .validate()
        .unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "[conf] 'tools.foo:bar' does not exist in configuration list. Run 'conan config list' to \
         see all the available confs."
    );
    assert!(loads("user.foo.bar=1").unwrap().validate().is_err());
    loads("pkg/1.0:user.foo:bar=1\nuser:bar=1\ntools.build:jobs=1")
        .unwrap()
        .validate()
        .unwrap();
}

/// Two definitions of which the second has priority.
#[test]
fn composition() {
    let compose = |first: &str, second: &str| -> Result<String, ConfError> {
        let mut definition = loads(&first.replace('@', "user.x:y"))?;
        definition.update_conf_definition(&loads(&second.replace('@', "user.x:y"))?)?;
        Ok(definition.dumps().replace("user.x:y", "@"))
    };
    for (first, second, expected) in [
        ("@=[2, 3]", "@=+[0, 1]", "@=[0, 1, 2, 3]\n"),
        ("@=[2, 3]", "@+=[4, 5]", "@=[2, 3, 4, 5]\n"),
        ("@=[2]", "@+={'a': 1}", "@=[2, {'a': 1}]\n"),
        ("@=[1]", "pkg/*:@+=[2]", "@=[1]\npkg/*:@=[2]\n"),
        ("@+=[1]", "@+=[2]", "@=[1, 2]\n"),
        ("@+=[1]", "@=+[2]", "@=[2, 1]\n"),
        ("@+=1", "@=[2]", "@=[2]\n"),
        ("@=!", "@+=[2]", "@=[2]\n"),
        ("@=!", "@=2", "@=2\n"),
        ("@=[1]", "@=!", "@=!\n"),
        ("@=None", "@=[1]", "@=[1]\n"),
        (
            "@={'a':{'b':1}, 'c': 2}",
            "@*={'a':{'d':2}}",
            "@={'a': {'d': 2}, 'c': 2}\n",
        ),
        ("@*={'a':1}", "@*={'b':2}", "@={'a': 1, 'b': 2}\n"),
        ("@*={'a':1}", "@={'b':2}", "@={'b': 2}\n"),
        ("@=!", "@*={'b':2}", "@={'b': 2}\n"),
        ("@=1", "@=True", "@=True\n"),
        ("@=1", "@=1.5", "@=1.5\n"),
        ("@!=1", "@=2", "@=1\n"),
        ("@=2", "@!=1", "@!=1\n"),
        ("@!=1", "@!=2", "@!=2\n"),
        ("@!=[1]", "@+=[2]", "@=[1]\n"),
        ("@=1", "p/*:@=3\nuser.a:b=1", "user.a:b=1\n@=1\np/*:@=3\n"),
    ] {
        assert_eq!(
            compose(first, second).unwrap(),
            expected,
            "{first} | {second}"
        );
    }
    for (first, second, types) in [
        ("@=value", "@=['value']", ("list", "str")),
        ("@='value'", "@=+[0, 1]", ("list", "str")),
        ("@={'a': 1}", "@+={'b': 1}", ("list", "dict")),
        ("@=True", "@+=False", ("list", "bool")),
        ("@=1", "@='a'", ("str", "int")),
        ("@=(1,)", "@=[1]", ("list", "tuple")),
        ("@=3", "@*={'a':2}", ("dict", "int")),
    ] {
        let error = compose(first, second).unwrap_err().to_string();
        let expected = format!(
            "It's not possible to compose {} values and {} ones.",
            types.0, types.1
        );
        assert_eq!(error, expected);
    }
}

#[test]
fn items_have_the_order_of_the_reference() {
    let mut definition = loads("user.x:b=1\nuser.x:a=2\nuser.x:c=3").unwrap();
    definition
        .update_conf_definition(&loads("user.x:a=5\nuser.x:d=1").unwrap())
        .unwrap();
    let names: Vec<String> = definition
        .global()
        .items()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["user.x:d", "user.x:a", "user.x:c", "user.x:b"]);
}

#[test]
fn confs_of_a_package() {
    let definition = loads(
        "user.x:y=[1]\npkg/*:user.x:y+=[2]\n&:user.x:z=3\n!pkg/*:user.x:w=1\n*/*@*/*:user.x:t=1",
    )
    .unwrap();
    let dump = |reference: Option<&str>, consumer: bool| {
        let reference = reference.map(|it| RecipeReference::loads(it).unwrap());
        definition
            .get_conanfile_conf(reference.as_ref(), consumer)
            .unwrap()
            .dumps()
    };
    assert_eq!(dump(Some("pkg/1.0"), false), "user.x:y=[1, 2]");
    assert_eq!(
        dump(Some("other/1.0@u/c"), true),
        "user.x:t=1\nuser.x:w=1\nuser.x:y=[1]\nuser.x:z=3"
    );
    assert_eq!(dump(None, true), "user.x:w=1\nuser.x:y=[1]\nuser.x:z=3");
    let shown = |pattern| {
        definition
            .show(pattern)
            .into_iter()
            .map(|it| it.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("user.x:*"), ["user.x:y"]);
    assert_eq!(shown("pkg/*"), ["pkg/*:user.x:y"]);
    assert_eq!(shown("*").len(), 5);
}

#[test]
fn global_conf_goes_below_a_profile() {
    let mut profile = loads("user.x:b=1\np/*:user.x:c=1").unwrap();
    let global = loads(
        "user.x:a=2\nq/*:user.x:a=2\np/*:user.x:c=9\np/*:user.x:d=9\ncore:non_interactive=True\n\
         user.x:b!=3",
    )
    .unwrap();
    profile.rebase_conf_definition(&global).unwrap();
    assert_eq!(
        profile.dumps(),
        "user.x:a=2\nuser.x:b=3\nq/*:user.x:a=2\np/*:user.x:c=1\np/*:user.x:d=9\n"
    );
}

#[test]
fn reading_with_a_type() {
    let text = "user.x:int=5\nuser.x:text=--m\nuser.x:list=[0, 'a']\nuser.x:quoted=\"False\"\n\
                user.x:off=oFF\nuser.x:bool=True\nuser.x:one=1\nuser.x:typo=ture\nuser.x:unset=!\n\
                user.x:dict={'a': 1}";
    let conf = loads(text).unwrap().global();
    assert_eq!(conf.get_int("user.x:int").unwrap(), Some(5));
    assert_eq!(conf.get_str("user.x:int").unwrap().as_deref(), Some("5"));
    assert_eq!(
        conf.get_str("user.x:list").unwrap().as_deref(),
        Some("[0, 'a']")
    );
    assert_eq!(conf.get_list("user.x:list").unwrap(), ["0", "a"]);
    assert_eq!(conf.get_list("user.x:none").unwrap(), Vec::<String>::new());
    assert_eq!(
        conf.get_dict("user.x:dict").unwrap()["a"],
        ConfValue::Int(1)
    );
    assert_eq!(conf.get_bool("user.x:quoted").unwrap(), Some(false));
    assert_eq!(conf.get_bool("user.x:off").unwrap(), Some(false));
    assert_eq!(conf.get_bool("user.x:one").unwrap(), Some(true));
    assert_eq!(conf.get_as("user.x:unset", ConfType::List).unwrap(), None);
    let message = |name: &str, kind| conf.get_as(name, kind).unwrap_err().to_string();
    assert_eq!(
        message("user.x:bool", ConfType::Int),
        "[conf] user.x:bool must be a int-like object. The value 'True' introduced is a bool object"
    );
    assert_eq!(
        message("user.x:text", ConfType::List),
        "[conf] user.x:text must be a list-like object. The value '--m' introduced is a str object"
    );
    assert_eq!(
        message("user.x:typo", ConfType::Bool),
        "[conf] user.x:typo must be a boolean-like object (true/false, 1/0, on/off) and value \
         'ture' does not match it."
    );
    assert_eq!(
        conf.get_choice("user.x:int", &[1.into(), 2.into()])
            .unwrap_err()
            .to_string(),
        "Unknown value '5' for 'user.x:int'"
    );
    assert!(conf.get("tools.nope:v").is_err());
    assert_eq!(conf.get("core:non_interactive"), Ok(None));
}

#[test]
fn changing_from_a_recipe() {
    let mut conf = Conf::new();
    conf.append("user.x:l", "a".into()).unwrap();
    conf.prepend("user.x:l", vec!["b".to_owned(), "c".to_owned()].into())
        .unwrap();
    assert_eq!(conf.dumps(), "user.x:l=['b', 'c', 'a']");
    conf.remove("user.x:l", &"b".into()).unwrap();
    assert!(conf.remove("user.x:l", &"zz".into()).is_err());
    assert!(conf.remove("user.x:none", &"zz".into()).is_err());
    let mut other = Conf::new();
    other.define("user.x:l", vec!["0".to_owned()].into());
    let mut composed = conf.clone();
    composed.compose_conf(&other).unwrap();
    assert_eq!(composed.dumps(), "user.x:l=['c', '0', 'a']");
    conf.define("user.x:y", 1.into());
    assert_eq!(
        conf.append("user.x:y", 2.into()),
        Err(ConfError::AppendToNoList)
    );
    conf.unset("user.x:y");
    assert_eq!(conf.get("user.x:y"), Ok(None));
    assert_eq!(conf.serialize()["user.x:y"], "!".into());
    conf.define_path("user.x:p", "a/b".into());
    conf.append_path("user.x:q", vec!["c".to_owned(), "/d".to_owned()].into())
        .unwrap();
    conf.set_relative_base_folder("/base");
    assert_eq!(conf.get_str("user.x:p").unwrap().unwrap(), "/base/a/b");
    assert_eq!(conf.get_list("user.x:q").unwrap(), ["/base/c", "/d"]);
}

#[test]
fn confs_in_the_package_id() {
    let conf = loads(
        "tools.info.package_id:confs=['tools.build:cx.*', 'user.*']\ntools.build:cxxflags=['-a']\n\
         tools.build:cflags=['b']\nuser.x:y=3\nuser.x:z=!",
    )
    .unwrap()
    .global();
    let info = conf.copy_conaninfo_conf().unwrap();
    assert_eq!(info.dumps(), "tools.build:cxxflags=['-a']\nuser.x:y=3");
}

#[test]
fn the_table_of_builtin_confs() {
    let names: Vec<&str> = builtin_confs().iter().map(|it| it.name).collect();
    assert_eq!(names.len(), 132);
    assert!(names.is_sorted());
    assert!(builtin_confs().iter().all(|it| !it.description.is_empty()));
}
