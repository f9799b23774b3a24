Library {
    property bool isShared: true

    name: "{{ name }}"
    type: isShared ? "dynamiclibrary" : "staticlibrary"
    files: ["{{ name }}.cpp"]
    install: true
    qbs.installPrefix: ""

    Depends { name: "cpp" }
    Depends { name: "bundle" }
    bundle.isBundle: false

    Group {
        name: "headers"
        files: ["{{ name }}.h"]
        qbs.install: true
        qbs.installDir: "include"
    }
}
