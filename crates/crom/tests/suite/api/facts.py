"""What the names do that recipes rarely use."""
from conan import ConanFile


class Facts(ConanFile):
    name = "facts"
    version = "1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    requires = "dep/1.0"
    license = "MIT"

    def package_id(self):
        other = self.info.clone()
        other.settings.build_type = "Debug"
        other.options.shared = True
        self.output.info(f"DIFF {self.info.dump_diff(other)}")

    def generate(self):
        import json
        from conan.tools.env import Environment
        from conan.tools.env.environment import EnvVars, ProfileEnvironment, generate_ps1
        from conan.tools.microsoft.visual import vcvars_command

        assert json.dumps("\x1b\x0b") == '"\\u001b\\u000b"'
        assert json.dumps("\x7f\u00e9", ensure_ascii=False) == '"\x7f\u00e9"'

        mine = self.serialize()
        assert mine["name"] == "facts" and mine["options"] == {"shared": "False"}
        assert [it["ref"] for it in mine["requires"]] == ["dep/1.0"]
        graph = self.subgraph
        assert [str(node.ref) for node in graph.nodes] == ["facts/1.0", "dep/1.0"]
        assert [str(node.ref) for node in graph.root.neighbors()] == ["dep/1.0"]
        data = graph.serialize()
        assert data["root"] == {"0": "facts/1.0"}
        assert data["nodes"]["1"]["binary"] == "Cache"
        assert data["nodes"]["0"]["dependencies"]["1"]["direct"] is True

        env = Environment()
        env.define_path("P", "/pkg/bin")
        env.define("X", "/pkg/bin")
        env.deploy_base_folder("/pkg", "/deployed")
        assert env.dumps() == "X=/pkg/bin\nP=(path)/deployed/bin", env.dumps()
        assert isinstance(env.vars(self), EnvVars)
        profile = ProfileEnvironment.loads("A=1\nfacts/*:B=2\n&:C=3\n")
        assert profile.get_profile_env(self.ref).dumps() == "A=1\nB=2"
        assert "C=3" in profile.get_profile_env(self.ref, is_consumer=True).dumps()
        assert generate_ps1(self) is True

        options = self.options.loads("a=1\nzlib/*:shared=True")
        assert options.dumps() == "a=1\nzlib/*:shared=True"
        settings = self.settings.loads("os: [Linux, Windows]\n")
        settings.os = "Linux"
        assert settings.serialize() == {"os": "Linux"}
        try:
            vcvars_command("17", vs_install_path="/nowhere")
            assert False
        except Exception as error:
            assert "VS non-existing installation: Visual Studio 17" in str(error)
        self.output.info("FACTS hold")
