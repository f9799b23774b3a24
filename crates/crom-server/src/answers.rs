//! Answers to metadata requests that were given before, where this process sees every change: with
//! SQLite, whose only other writers are commands on the data folder. What changes here counts at
//! once, what those change within half a second ([`Database::watch`](crate::database::Database)).
//! With PostgreSQL another node may have changed anything, and every request asks the database.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use bytes::Bytes;

use crate::database::FileRecord;

/// Answers at most; then all are forgotten.
const HELD: usize = 100_000;

/// What is known under a key.
#[derive(Clone)]
pub enum Held {
    /// A JSON body.
    Json(Bytes),
    /// Where a file is.
    File(FileRecord),
}

/// A JSON body that anybody gets for a path.
#[derive(Clone)]
pub struct PublicAnswer {
    /// What is sent.
    pub body: Bytes,
    /// The route that the path has, for the metrics.
    pub route: Arc<str>,
}

/// Answers that hold until the next change of what is visible.
pub struct Answers {
    enabled: bool,
    held: RwLock<State>,
}

#[derive(Default)]
struct State {
    changes: u64,
    answers: HashMap<String, Held>,
    public: HashMap<String, PublicAnswer>,
}

impl Answers {
    /// Without `enabled`, nothing is ever held.
    pub fn new(enabled: bool) -> Self {
        Self {
            enabled,
            held: RwLock::new(State::default()),
        }
    }

    /// The answer, or the mark to [`keep`](Self::keep) it under, taken before the database is asked.
    pub fn get(&self, key: &str) -> Result<Held, u64> {
        let Ok(state) = self.held.read() else {
            return Err(0);
        };
        match state.answers.get(key) {
            Some(held) => Ok(held.clone()),
            None => Err(state.changes),
        }
    }

    /// Holds an answer, unless something has changed since the mark was taken.
    pub fn keep(&self, mark: u64, key: String, answer: Held) {
        if !self.enabled {
            return;
        }
        if let Ok(mut state) = self.held.write()
            && state.changes == mark
        {
            if state.answers.len() >= HELD {
                state.answers.clear();
            }
            state.answers.insert(key, answer);
        }
    }

    /// The mark to [`keep_public`](Self::keep_public) an answer under that [`get`](Self::get) gave.
    pub fn mark(&self) -> u64 {
        self.held.read().map_or(0, |state| state.changes)
    }

    /// What anybody gets for a path.
    pub fn public(&self, path: &str) -> Option<PublicAnswer> {
        self.held.read().ok()?.public.get(path).cloned()
    }

    /// Holds what anybody gets for a path, unless something has changed since the mark was taken.
    pub fn keep_public(&self, mark: u64, path: &str, answer: PublicAnswer) {
        if !self.enabled {
            return;
        }
        if let Ok(mut state) = self.held.write()
            && state.changes == mark
        {
            if state.public.len() >= HELD {
                state.public.clear();
            }
            state.public.insert(path.to_owned(), answer);
        }
    }

    /// What is visible, or who may see it, has changed. Called after the commit and before its acknowledgement.
    pub fn forget(&self) {
        if let Ok(mut state) = self.held.write() {
            state.changes += 1;
            state.answers.clear();
            state.public.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &'static str) -> Held {
        Held::Json(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn an_answer_from_before_a_change_is_not_held() {
        let answers = Answers::new(true);
        let mark = answers.get("a").err().expect("nothing is held");
        answers.forget();
        answers.keep(mark, "a".to_owned(), json("old"));
        let mark = answers.get("a").err().expect("nothing is held");
        answers.keep(mark, "a".to_owned(), json("new"));
        assert!(matches!(answers.get("a"), Ok(Held::Json(text)) if text == "new"));
        answers.forget();
        assert!(answers.get("a").is_err());
    }

    #[test]
    fn public_answers_are_forgotten_with_the_others() {
        let answers = Answers::new(true);
        let answer = || PublicAnswer {
            body: Bytes::from_static(b"{}"),
            route: "/x".into(),
        };
        let mark = answers.mark();
        answers.keep_public(mark, "/a", answer());
        assert!(answers.public("/a").is_some());
        answers.forget();
        assert!(answers.public("/a").is_none());
        answers.keep_public(mark, "/a", answer());
        assert!(answers.public("/a").is_none());
    }

    #[test]
    fn nothing_is_held_where_others_may_write() {
        let answers = Answers::new(false);
        let mark = answers.get("a").err().expect("nothing is held");
        answers.keep(mark, "a".to_owned(), json("x"));
        assert!(answers.get("a").is_err());
    }
}
