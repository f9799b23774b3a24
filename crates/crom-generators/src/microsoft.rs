//! Files for MSBuild, NMake and Visual Studio environments.
