Application {
    name: "example"
    consoleApplication: true
    files: ["example.cpp"]
    install: true
    qbs.installPrefix: ""
    Depends { name: "cpp" }

    // The package under test, by pkg-config
    qbsModuleProviders: ["qbspkgconfig"]
    moduleProviders.qbspkgconfig.libDirs: path
    Depends { name: "{{ name }}" }
}
