//! Answers to metadata requests that were given before, where this process sees every change: with
//! SQLite, whose only other writers are commands on the data folder. What changes here counts at
//! once, what those change within half a second ([`Database::watch`](crate::database::Database)).
//! With PostgreSQL another node may have changed anything, and every request asks the database.

use std::collections::HashMap;
use std::sync::RwLock;

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

/// Answers that hold until the next change of what is visible.
pub struct Answers {
    enabled: bool,
    held: RwLock<State>,
}

#[derive(Default)]
struct State {
    changes: u64,
    answers: HashMap<String, Held>,
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

    /// What is visible has changed. Called after the commit and before its acknowledgement.
    pub fn forget(&self) {
        if let Ok(mut state) = self.held.write() {
            state.changes += 1;
            state.answers.clear();
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
    fn nothing_is_held_where_others_may_write() {
        let answers = Answers::new(false);
        let mark = answers.get("a").err().expect("nothing is held");
        answers.keep(mark, "a".to_owned(), json("x"));
        assert!(answers.get("a").is_err());
    }
}
