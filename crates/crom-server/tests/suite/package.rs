//! Recipes and binaries as data.

use crom_model::manifest::Manifest;

use crate::harness::TestServer;

/// A recipe revision with its files.
pub struct TestRecipe {
    pub reference: String,
    pub rrev: String,
    pub files: Vec<(String, Vec<u8>)>,
}

/// A package revision with its files.
pub struct TestBinary {
    pub package_id: String,
    pub prev: String,
    pub files: Vec<(String, Vec<u8>)>,
}

impl TestRecipe {
    /// `content` decides about the revision.
    pub fn new(reference: &str, content: &str) -> Self {
        Self::at(reference, content, 1)
    }

    /// The same content, packed at another time.
    pub fn at(reference: &str, content: &str, time: i64) -> Self {
        let recipe = format!("# {content}\n").into_bytes();
        let source = format!("source {content}").into_bytes();
        let manifest = manifest(
            time,
            &[
                ("conanfile.py", &recipe),
                ("export_source/src/a.c", &source),
            ],
        );
        Self {
            reference: reference.to_owned(),
            rrev: manifest.revision(),
            files: vec![
                (
                    "conan_sources.tgz".to_owned(),
                    format!("{time} {content}").into_bytes(),
                ),
                ("conanfile.py".to_owned(), recipe),
                (
                    "conanmanifest.txt".to_owned(),
                    manifest.dumps().into_bytes(),
                ),
            ],
        }
    }

    /// `v2/conans/...` up to the channel.
    pub fn line(&self) -> String {
        let reference = crom_model::reference::RecipeReference::loads(&self.reference);
        crom_protocol::route::recipe(&reference.expect("is a reference"))
    }

    pub fn path(&self) -> String {
        format!("{}/revisions/{}", self.line(), self.rrev)
    }

    pub fn upload(&self, server: &TestServer, token: &str, repository: &str) {
        for (name, content) in &self.files {
            let path = format!("{repository}/{}/files/{name}", self.path());
            let answer = server.put(token, &path, content);
            assert!(
                matches!(answer.status, 200 | 201),
                "{name}: {}",
                answer.text()
            );
        }
    }
}

impl TestBinary {
    /// `content` decides about the revision, `package_id` is made of one letter.
    pub fn new(letter: char, content: &str) -> Self {
        let info = format!("[settings]\nos=Linux\n[options]\nletter={letter}\n").into_bytes();
        let header = content.as_bytes().to_vec();
        let manifest = manifest(1, &[("conaninfo.txt", &info), ("include/a.h", &header)]);
        Self {
            package_id: letter.to_string().repeat(40),
            prev: manifest.revision(),
            files: vec![
                ("conan_package.tgz".to_owned(), header),
                ("conaninfo.txt".to_owned(), info),
                (
                    "conanmanifest.txt".to_owned(),
                    manifest.dumps().into_bytes(),
                ),
            ],
        }
    }

    pub fn line(&self, recipe: &TestRecipe) -> String {
        format!("{}/packages/{}", recipe.path(), self.package_id)
    }

    pub fn path(&self, recipe: &TestRecipe) -> String {
        format!("{}/revisions/{}", self.line(recipe), self.prev)
    }

    pub fn upload(&self, server: &TestServer, token: &str, repository: &str, recipe: &TestRecipe) {
        for (name, content) in &self.files {
            let path = format!("{repository}/{}/files/{name}", self.path(recipe));
            let answer = server.put(token, &path, content);
            assert!(
                matches!(answer.status, 200 | 201),
                "{name}: {}",
                answer.text()
            );
        }
    }
}

fn manifest(time: i64, files: &[(&str, &Vec<u8>)]) -> Manifest {
    let files = files
        .iter()
        .map(|(name, content)| ((*name).to_owned(), Manifest::digest(content)))
        .collect();
    Manifest::new(time, files)
}
