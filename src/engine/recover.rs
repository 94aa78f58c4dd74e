//! Recovery codes: how chance is spelled, and how a person may type it.
//!
//! Eighty bits in Crockford's base 32, in four groups. Guessing one of a million live codes takes about 10^18 attempts.

/// How many days a code can be redeemed.
pub const CODE_DAYS: i64 = 180;

/// Chance, handed down like the time: the engine rolls no dice.
pub type Chance = [u8; 10];

/// The digits: no I, L, O or U, so that nothing is misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of a code, without hyphens.
const LETTERS: usize = 16;

/// Letters of a group.
const GROUP: usize = 4;

/// Spells chance as a code: `7K3M-9QXT-0ABC-DEFG`.
pub fn spell(chance: Chance) -> String {
    let bits = chance.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let mut code = String::with_capacity(LETTERS + LETTERS / GROUP - 1);
    for place in 0..LETTERS {
        if place > 0 && place % GROUP == 0 {
            code.push('-');
        }
        let digit = (bits >> (5 * (LETTERS - 1 - place))) & 31;
        code.push(char::from(DIGITS[usize::try_from(digit).expect("five bits")]));
    }
    code
}

/// Reads a code however it was typed: small letters, no hyphens or other ones, O for 0, I and L for 1. What comes back is
/// spelled as [`spell`] does; `None`: this is no code.
pub fn parse_code(text: &str) -> Option<String> {
    let mut letters = String::with_capacity(LETTERS);
    for letter in text.chars() {
        let letter = match letter.to_ascii_uppercase() {
            '-' | '\u{2010}'..='\u{2015}' | ' ' | '.' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let known = u8::try_from(letter).is_ok_and(|byte| DIGITS.contains(&byte));
        if !known || letters.len() == LETTERS {
            return None;
        }
        letters.push(letter);
    }
    let groups: Vec<&str> =
        letters.as_bytes().chunks(GROUP).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    (letters.len() == LETTERS).then(|| groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = spell([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x01, 0x02]);
        assert_eq!(code.len(), 19, "{code}");
        for typed in
            [code.clone(), code.to_lowercase(), code.replace('-', ""), code.replace('-', " "), code.replace('0', "o")]
        {
            assert_eq!(parse_code(&typed), Some(code.clone()), "{typed}");
        }
        assert_eq!(spell([0; 10]), "0000-0000-0000-0000");
        assert_eq!(spell([0xff; 10]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        for other in ["", "hello", "0000-0000-0000-000", "0000-0000-0000-0000-0", "UUUU-0000-0000-0000", "银行"] {
            assert_eq!(parse_code(other), None, "{other}");
        }
    }
}
