//! The maintainability index.

/// Computes the maintainability index, from 0 to 100; a higher one is better.
///
/// P. Oman and J. Hagemeister, "Metrics for assessing a software system's maintainability" (ICSM 1992), in the
/// form with comments of Coleman, Ash, Lowther and Oman (Computer, August 1994), brought to the range of 0 to
/// 100 as Microsoft Visual Studio does:
///
/// ```text
/// 171 − 5.2 ln V − 0.23 C − 16.2 ln L + 50 sin √(2.46 p),  × 100 / 171
/// ```
///
/// V is Halstead's volume, C the cyclomatic complexity, L the logical lines, and p the percentage of comments
/// taken as degrees and written in radians, which is how the Python tool radon reads the formula. Without
/// operators or lines there is nothing to maintain: 100. Visual Studio calls 20 and more good, 10 to 19
/// moderate and less low; radon gives A above 19, B above 9 and C below.
pub(super) fn maintainability_index(
    volume: f64,
    cyclomatic: u32,
    logical_lines: u32,
    comment_percentage: f64,
) -> f64 {
    if volume <= 0.0 || logical_lines == 0 {
        return 100.0;
    }
    let comments = (2.46 * comment_percentage.to_radians()).sqrt().sin();
    let index =
        171.0 - 5.2 * volume.ln() - 0.23 * f64::from(cyclomatic) - 16.2 * f64::from(logical_lines).ln()
            + 50.0 * comments;
    (index * 100.0 / 171.0).clamp(0.0, 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_follows_the_formula_and_its_range() {
        let table = [
            // Nothing to maintain.
            (0.0, 1, 10, 0.0, 100.0),
            (8.0, 1, 0, 0.0, 100.0),
            // 171 − 0.23: the logarithms of 1 are 0.
            (1.0, 1, 1, 0.0, 170.77 * 100.0 / 171.0),
            // 171 − 5.2 · 1 − 0.23 · 10 − 16.2 ln 100 = 88.8962.
            (std::f64::consts::E, 10, 100, 0.0, 51.986_11),
            (1e300, 1000, 1_000_000, 0.0, 0.0),
            (1.0, 1, 1, 20.0, 100.0),
        ];
        for (volume, cyclomatic, lines, comments, expected) in table {
            let index = maintainability_index(volume, cyclomatic, lines, comments);
            assert!((index - expected).abs() < 1e-4, "{index} is not {expected}");
        }
    }
}
