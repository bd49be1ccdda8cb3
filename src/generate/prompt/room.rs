//! What goes when a request does not fit: examples first, then callers, then base classes, then the class around a method, then lines of the
//! code itself. Never a part of a line.
//!
//! Of the code, the header stays whatever happens. The lines that leave the function stay before others, with the conditions
//! around them, because what is asked for follows from them; then those at its beginning. A comment stands where lines are missing. Code is cut between
//! logical lines only, so that no string and no bracket is torn.

use thiserror::Error;

use super::blocks::Shown;
use crate::python::{Span, logical_lines};

/// A token has about four bytes of code, and hardly ever more than this: what is longer need not be counted to be too long.
const LONGEST_TOKEN: usize = 16;
/// How many tokens of the most that fit may be given away.
const NEAR_ENOUGH: u64 = 16;

/// How large a prompt may be.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    /// The most tokens.
    pub tokens: u64,
    /// Counts the tokens of a text.
    pub count: &'a dyn Fn(&str) -> u64,
}

/// A question that does not fit, whatever is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "it is too large to be asked about: without its body it takes {needed} tokens where {room} fit into a request"
)]
pub struct TooLarge {
    /// The tokens of what cannot be left out.
    pub needed: u64,
    /// The most tokens.
    pub room: u64,
}

/// The parts of a question that need not be whole.
pub(super) struct Parts<'a> {
    /// The code of each definition.
    pub(super) codes: Vec<String>,
    /// What stands beside it, the worthiest first.
    pub(super) shown: Vec<Shown<'a>>,
    /// How many examples are shown, the best ones.
    pub(super) examples: usize,
}

/// Says how many tokens a request has of these codes, of what stands beside them and of so many examples.
type Measure<'a> = dyn Fn(&[String], &[Shown<'_>], usize) -> u64 + 'a;

/// Leaves out what does not fit; `measure` says how many tokens a request of these parts has.
pub(super) fn fit<'a>(
    mut parts: Parts<'a>,
    room: &Room<'_>,
    measure: &Measure<'_>,
) -> Result<Parts<'a>, TooLarge> {
    let whole = parts.codes.clone();
    let far_too_long = usize::try_from(room.tokens).unwrap_or(usize::MAX).saturating_mul(LONGEST_TOKEN);
    for code in parts.codes.iter_mut().filter(|code| code.len() > far_too_long) {
        // A short one fits even where this one does not, and says what it takes.
        *code = shortened(code, room.tokens, room.count).unwrap_or_else(|| header(code));
    }
    let mut total = measure(&parts.codes, &parts.shown, parts.examples);
    while total > room.tokens && parts.examples > 0 {
        parts.examples -= 1;
        total = measure(&parts.codes, &parts.shown, parts.examples);
    }
    while total > room.tokens && !parts.shown.is_empty() {
        let mut excess = total - room.tokens;
        while let Some(block) = parts.shown.last().filter(|_| excess > 0) {
            excess = excess.saturating_sub((room.count)(&serde_json::to_string(block).unwrap_or_default()));
            parts.shown.pop();
        }
        total = measure(&parts.codes, &parts.shown, parts.examples);
    }
    if total <= room.tokens {
        return Ok(parts);
    }
    // The longest give first: none has more than a certain number of tokens, as high as everything fits.
    let sizes: Vec<u64> = parts.codes.iter().map(|code| (room.count)(&escaped(code))).collect();
    let capped = |cap: u64| -> Vec<String> {
        let of = |(index, size): (usize, &u64)| {
            if *size <= cap {
                return parts.codes[index].clone();
            }
            shortened(&whole[index], cap, room.count).unwrap_or_else(|| header(&whole[index]))
        };
        sizes.iter().enumerate().map(of).collect()
    };
    let mut best = capped(0);
    let needed = measure(&best, &parts.shown, parts.examples);
    if needed > room.tokens {
        return Err(TooLarge { needed, room: room.tokens });
    }
    let (mut fits, mut too_high) = (0, sizes.iter().copied().max().unwrap_or(0).min(room.tokens));
    while too_high - fits > NEAR_ENOUGH {
        let cap = fits + (too_high - fits) / 2;
        let codes = capped(cap);
        if measure(&codes, &parts.shown, parts.examples) <= room.tokens {
            (fits, best) = (cap, codes);
        } else {
            too_high = cap;
        }
    }
    parts.codes = best;
    Ok(parts)
}

/// Returns the code within a number of tokens, whole lines left out; nothing when its header alone has more.
///
/// Secrets must be gone before: the rest of one may not be recognised.
fn shortened(code: &str, tokens: u64, count: &dyn Fn(&str) -> u64) -> Option<String> {
    let lines: Vec<&str> = logical_lines(code).into_iter().map(|span: Span| span.of(code)).collect();
    let mark = count(&escaped(&left_out(99_999)));
    let cost = |line: &str| {
        let longest = usize::try_from(tokens).unwrap_or(usize::MAX).saturating_mul(LONGEST_TOKEN);
        if line.len() > longest { u64::MAX } else { count(&escaped(line)) }
    };
    let behind_header = header_length(&lines);
    let mut left = tokens.checked_sub(mark)?;
    for line in lines.iter().take(behind_header) {
        left = left.checked_sub(cost(line))?;
    }
    let mut stays: Vec<bool> = (0..lines.len()).map(|index| index < behind_header).collect();
    // Half of it is for what leaves the function, so that its beginning is there as well.
    let mut for_exits = left / 2;
    for (index, line) in lines.iter().enumerate().skip(behind_header).filter(|(_, line)| leaves(line)) {
        // Without the conditions around it nobody could say when it happens.
        let mut around = openings(&lines, behind_header, index);
        around.retain(|opening| !stays[*opening]);
        let openings: u64 = around.iter().map(|opening| cost(lines[*opening]).saturating_add(mark)).sum();
        let needed = cost(line).saturating_add(mark).saturating_add(openings);
        if needed <= for_exits {
            (for_exits, left) = (for_exits - needed, left - needed);
            stays[index] = true;
            for opening in around {
                stays[opening] = true;
            }
        }
        if for_exits <= mark {
            break;
        }
    }
    for (index, line) in lines.iter().enumerate().skip(behind_header) {
        if stays[index] {
            continue;
        }
        let needed = cost(line);
        if needed > left {
            if needed <= tokens / 2 || mark > left {
                break;
            }
            // One that is long by itself must not take with it what comes after.
            left -= mark;
            continue;
        }
        left -= needed;
        stays[index] = true;
    }
    Some(joined(&lines, &stays))
}

/// Returns the places of the lines that open the blocks around a line of the body, the nearest first.
fn openings(lines: &[&str], body: usize, index: usize) -> Vec<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let outermost = lines.get(body..).and_then(|body| body.iter().find(|line| !line.trim().is_empty()));
    let outermost = outermost.map_or(0, |line| indent(line));
    let (mut found, mut within) = (Vec::new(), indent(lines[index]));
    for place in (body..index).rev() {
        if within <= outermost {
            break;
        }
        if !lines[place].trim().is_empty() && indent(lines[place]) < within {
            within = indent(lines[place]);
            found.push(place);
        }
    }
    found
}

/// Returns what of the code stays whatever happens.
fn header(code: &str) -> String {
    let lines: Vec<&str> = logical_lines(code).into_iter().map(|span| span.of(code)).collect();
    let behind_header = header_length(&lines);
    let stays: Vec<bool> = (0..lines.len()).map(|index| index < behind_header).collect();
    joined(&lines, &stays)
}

fn joined(lines: &[&str], stays: &[bool]) -> String {
    let mut text = String::new();
    let mut missing = 0;
    for (line, stays) in lines.iter().zip(stays) {
        if !stays {
            missing += line.lines().count();
            continue;
        }
        if missing > 0 {
            text.push_str(&left_out(missing));
            missing = 0;
        }
        text.push_str(line);
    }
    if missing > 0 {
        text.push_str(&left_out(missing));
    }
    text
}

/// Returns how many lines there are up to the header of a function or class; none for a module.
fn header_length(lines: &[&str]) -> usize {
    let is_header = |line: &&str| ["def", "async", "class"].contains(&first_word(line));
    let is_before =
        |line: &&str| line.trim().is_empty() || line.trim_start().starts_with(['@', '#']) || is_header(line);
    let before = lines.iter().take_while(|line| is_before(line));
    let mut header = 0;
    for (index, line) in before.enumerate() {
        if is_header(line) {
            header = index + 1;
            break;
        }
    }
    header
}

/// Returns whether a line says how a function is left, by its first word or as `x = yield`.
fn leaves(line: &str) -> bool {
    let is_exit = |word: &str| ["return", "raise", "yield"].contains(&word);
    is_exit(first_word(line))
        || line.contains("yield ")
        || line.contains(": return ")
        || line.contains(": raise ")
}

fn first_word(line: &str) -> &str {
    line.trim_start()
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .next()
        .unwrap_or("")
}

fn left_out(lines: usize) -> String {
    format!("# … {lines} lines are left out\n")
}

/// Returns the text as it stands in the data, without the quotes around it.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::blocks::{Block, Rank, shared};
    use super::*;

    /// A third of the bytes, as the estimate has it; quick, and as unlike a sum over lines as a tokenizer.
    fn count(text: &str) -> u64 {
        u64::try_from(text.len()).unwrap().div_ceil(3)
    }

    /// Every example takes a hundred tokens.
    fn measure(codes: &[String], shown: &[Shown<'_>], examples: usize) -> u64 {
        let examples = 100 * u64::try_from(examples).unwrap();
        100 + examples + count(&serde_json::to_string(&(codes, shown)).unwrap())
    }

    fn fitted<'a>(codes: &[&str], blocks: &'a [Block], tokens: u64) -> Result<Parts<'a>, TooLarge> {
        let parts = Parts {
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            shown: shared(&[blocks]),
            examples: 2,
        };
        fit(parts, &Room { tokens, count: &count }, &measure)
    }

    fn block(rank: Rank, code: &str) -> Block {
        Block { rank, code: code.to_owned(), secrets: 0 }
    }

    const CODE: &str = "\
@cached
def area(width,
         height):
    first = 1
    second = '''
return no line of its own
'''
    third = 3
    if width < 0:
        raise ValueError(width)
    fourth = 4
    return width * height
";

    #[test]
    fn what_fits_stays_as_it_is() {
        let blocks = [block(Rank::Caller, "area(1, 2)")];
        let parts = fitted(&[CODE], &blocks, 1_000).unwrap();
        assert_eq!((parts.codes[0].as_str(), parts.shown.len()), (CODE, 1));
    }

    #[test]
    fn examples_go_before_callers_and_callers_before_bases_and_all_of_them_before_code() {
        let blocks = [
            block(Rank::Class, &"c".repeat(90)),
            block(Rank::Caller, &"a".repeat(90)),
            block(Rank::Base, &"b".repeat(90)),
            block(Rank::Caller, &"d".repeat(90)),
        ];
        let whole = measure(&[CODE.to_owned()], &shared(&[&blocks]), 0);
        let with_examples = |tokens| {
            let parts = fitted(&[CODE], &blocks, tokens).unwrap();
            (parts.examples, parts.shown.len())
        };
        assert_eq!(with_examples(whole + 200), (2, 4));
        assert_eq!(with_examples(whole + 199), (1, 4));
        assert_eq!(with_examples(whole), (0, 4));
        let left = |tokens| {
            let parts = fitted(&[CODE], &blocks, tokens).unwrap();
            let ranks: Vec<Rank> = parts.shown.iter().map(|shown| shown.rank).collect();
            (ranks, parts.codes[0] == CODE)
        };
        assert_eq!(left(whole), (vec![Rank::Class, Rank::Base, Rank::Caller, Rank::Caller], true));
        assert_eq!(left(whole - 1), (vec![Rank::Class, Rank::Base, Rank::Caller], true));
        assert_eq!(left(whole - 60), (vec![Rank::Class, Rank::Base], true));
        assert_eq!(left(whole - 100), (vec![Rank::Class], true));
        assert_eq!(left(whole - 165), (vec![], true));
        assert_eq!(left(whole - 190), (vec![], false));
    }

    #[test]
    fn header_and_exits_stay_and_a_comment_says_what_is_missing() {
        let short = shortened(CODE, 70, &count).unwrap();
        let expected = "\
@cached
def area(width,
         height):
    first = 1
    second = '''
return no line of its own
'''
# … 4 lines are left out
    return width * height
";
        assert_eq!(short, expected, "{short}");
        let short = shortened(CODE, 30, &count);
        let expected = "@cached\ndef area(width,\n         height):\n# … 9 lines are left out\n";
        assert_eq!(short.as_deref(), Some(expected));
        assert_eq!(shortened(CODE, 20, &count), None);
    }

    #[test]
    fn an_exit_stays_with_the_conditions_around_it() {
        let step = |line: usize| format!("    step_{line} = compute(width, {line})\n");
        let steps: String = (0..200).fold(String::new(), |text, line| text + &step(line));
        let exit = "    if width > 60:\n        other = 1\n        with lock:\n            raise ValueError(width)\n";
        let parts = fitted(&[&format!("def area(width):\n{steps}{exit}{steps}    return width\n")], &[], 700);
        let code = parts.unwrap().codes.remove(0);
        let kept: Vec<&str> = code.lines().filter(|line| exit.contains(*line)).collect();
        assert_eq!(
            kept,
            ["    if width > 60:", "        with lock:", "            raise ValueError(width)"],
            "{code}"
        );
    }

    #[test]
    fn whatever_the_room_most_of_it_is_used() {
        let lines: String = (0..400)
            .fold(String::new(), |text, line| text + &format!("    value_{line} = compute(width, {line})\n"));
        let long = format!("def area(width):\n{lines}    return value_399\n");
        let other = long.replace("area", "edge").replace("value_", "length_");
        for codes in
            [&[long.as_str()][..], &[long.as_str(), other.as_str()], &[long.as_str(), "def one(): pass\n"]]
        {
            for tokens in (700..6_000).step_by(150) {
                let parts = fitted(codes, &[], tokens).unwrap();
                let used = measure(&parts.codes, &parts.shown, parts.examples);
                assert!(used > tokens / 5 * 4 - 100, "{used} of {tokens}");
                let least = parts.codes.iter().map(|code| code.lines().count()).min().unwrap();
                assert!(
                    codes.len() < 2 || codes[1].len() < 100 || least > 3,
                    "one gave everything: {tokens}"
                );
                assert!(parts.codes[0].contains("return value_399"), "{tokens}");
            }
        }
    }

    #[test]
    fn a_header_that_does_not_fit_is_too_large() {
        let code = format!("def f({}): return 1\n", "parameter, ".repeat(1_000));
        let error = fitted(&[&code], &[], 1_000).err().unwrap();
        assert!(error.needed > 1_000 && error.room == 1_000, "{error}");
        // Nor does it take others with it that would fit: they are asked about apart.
        assert!(fitted(&[CODE, &code], &[], 1_000).is_err());
        assert!(fitted(&[CODE], &[], 1_000).is_ok());
    }

    #[test]
    fn ten_megabytes_are_shortened_without_being_counted() {
        let counted = std::cell::Cell::new(0);
        let counting = |text: &str| {
            counted.set(counted.get() + text.len());
            count(text)
        };
        let code = format!("def f(x):\n{}    return x\n", "    x = x + 1\n".repeat(10_000_000 / 14));
        let parts = Parts { codes: vec![code], shown: Vec::new(), examples: 0 };
        let measure =
            |codes: &[String], _: &[Shown<'_>], _: usize| counting(&serde_json::to_string(codes).unwrap());
        let parts = fit(parts, &Room { tokens: 1_000, count: &counting }, &measure).unwrap();
        assert!(parts.codes[0].starts_with("def f(x):\n    x = x + 1\n"));
        assert!(parts.codes[0].ends_with("lines are left out\n    return x\n"), "{}", parts.codes[0]);
        assert!(counted.get() < 200_000, "{}", counted.get());
    }

    #[test]
    fn one_line_of_ten_megabytes_is_left_out_whole() {
        let code = format!("def f(x):\n    y = '{}'\n    return x\n", "é".repeat(5_000_000));
        let parts = fitted(&[&code], &[], 1_000).unwrap();
        assert_eq!(parts.codes[0], "def f(x):\n# … 1 lines are left out\n    return x\n");
    }

    fn line() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "    x = 1\n",
            "    return x\n",
            "    raise ValueError(\n        x,\n    )\n",
            "    y = '''a\n\"b\\\nc'''\n",
            "\n",
            "    # é 你好\n",
            "    z = [\n",
            "    ]\n",
            "    \"\n",
            "    yield x\n",
        ])
        .prop_map(str::to_owned)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_is_sent_fits_and_is_made_of_whole_lines(
            bodies in prop::collection::vec(prop::collection::vec(line(), 0..40), 1..4),
            ranks in prop::collection::vec(prop::sample::select(vec![Rank::Caller, Rank::Base, Rank::Class]), 0..6),
            tokens in 0..900_u64,
        ) {
            let codes: Vec<String> = bodies.iter().map(|body| format!("def f(x):\n{}", body.concat())).collect();
            let blocks: Vec<Block> =
                ranks.iter().enumerate().map(|(index, rank)| block(*rank, &format!("f({index})"))).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            let Ok(parts) = fitted(&codes, &blocks, tokens) else { return Ok(()) };
            prop_assert!(measure(&parts.codes, &parts.shown, parts.examples) <= tokens);
            let is_whole = parts.codes.iter().zip(&codes).all(|(left, whole)| left == whole);
            prop_assert!(parts.examples == 0 || is_whole && parts.shown.len() == shared(&[&blocks]).len());
            prop_assert!(is_whole || parts.shown.is_empty(), "code went before context");
            prop_assert!(parts.shown.windows(2).all(|pair| pair[0].rank >= pair[1].rank));
            for (left, whole) in parts.codes.iter().zip(&codes) {
                prop_assert!(left.starts_with("def f(x):\n"));
                // Taking the remarks out leaves lines of the code, in their order.
                let mut rest = whole.lines();
                for line in left.lines().filter(|line| !line.starts_with("# … ")) {
                    prop_assert!(rest.any(|known| known == line), "{line:?} in {left:?}");
                }
            }
        }
    }
}
