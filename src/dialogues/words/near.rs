//! How far apart two texts are, in mistakes of typing, and how to know that without comparing them.

use super::is_latin;

/// What is known of a text at a glance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub letters: usize,
    /// Which letters occur, by their number modulo 64.
    occur: u64,
}

impl Shape {
    pub fn of(text: &str) -> Self {
        let letter = |shape: Self, letter| Self {
            letters: shape.letters + 1,
            occur: shape.occur | 1 << (u32::from(letter) % u64::BITS),
        };
        text.chars().fold(Self { letters: 0, occur: 0 }, letter)
    }

    /// There are at least so many mistakes between two texts: one mistake brings or takes one letter at most.
    fn apart(self, other: Self) -> usize {
        let missing = (self.occur & !other.occur).count_ones().max((other.occur & !self.occur).count_ones());
        self.letters.abs_diff(other.letters).max(missing as usize)
    }
}

/// A piece of a text, to hold against phrases.
pub(super) struct Piece {
    text: String,
    shape: Shape,
}

impl Piece {
    fn new(text: String) -> Self {
        Self { shape: Shape::of(&text), text }
    }

    /// How many mistakes make this of a phrase, where they are no more than `allowed`.
    pub fn mistakes(&self, phrase: &str, shape: Shape, allowed: usize) -> Option<usize> {
        let alike = self.shape.apart(shape) <= allowed;
        alike.then(|| strsim::osa_distance(&self.text, phrase)).filter(|mistakes| *mistakes <= allowed)
    }
}

/// How a text is cut to be held against a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cut {
    /// So many words.
    Words(usize),
    /// So many letters, where there are no spaces between words.
    Letters(usize),
}

impl Cut {
    pub fn of(phrase: &str) -> Self {
        if is_latin(phrase) { Cut::Words(phrase.split(' ').count()) } else { Cut::Letters(phrase.chars().count()) }
    }

    /// All the pieces of a text that is given as its words.
    pub fn pieces(self, words: &[&str]) -> Vec<Piece> {
        match self {
            Cut::Words(count) => words.windows(count).map(|window| Piece::new(window.join(" "))).collect(),
            Cut::Letters(count) => {
                let letters: Vec<char> = words.concat().chars().collect();
                letters.windows(count).map(|window| Piece::new(window.iter().collect())).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_glance_never_says_too_much(one in "[a-zа-я卡保号 ]{0,12}", other in "[a-zа-я卡保号 ]{0,12}") {
            let (left, right) = (Shape::of(&one), Shape::of(&other));
            prop_assert!(left.apart(right) <= strsim::osa_distance(&one, &other));
            prop_assert_eq!(left.apart(left), 0);
        }
    }
}
