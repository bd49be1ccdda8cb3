//! The coverage as a badge for a README: a small SVG that needs no service.

use super::Tally;

/// The width of a character of 11 pixels, on average, in tenths of a pixel.
const CHARACTER: usize = 66;
/// The label on its left.
const LABEL: &str = "docstrings";

/// Returns the badge.
#[must_use]
pub fn badge(tally: Tally) -> String {
    let percent = tally.per_mille() / 10;
    let value = if tally.asked == 0 { "none asked".to_owned() } else { format!("{percent} %") };
    let colour = match percent {
        95.. => "#3c873a",
        80.. => "#7a9a01",
        60.. => "#b08800",
        40.. => "#c05717",
        _ => "#b5312c",
    };
    let (left, right) = (width(LABEL), width(&value));
    let (all, middle_left, middle_right) = (left + right, left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="20" role="img" aria-label="{LABEL}: {value}">
<title>{LABEL}: {value}</title>
<rect width="{all}" height="20" rx="3" fill="{colour}"/>
<path d="M3 0h{left_edge}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#444"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{middle_left}" y="14">{LABEL}</text>
<text x="{middle_right}" y="14">{value}</text>
</g>
</svg>
"##,
        left_edge = left - 3,
    )
}

fn width(text: &str) -> usize {
    12 + text.chars().count() * CHARACTER / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_shows_the_share_rounded_down() {
        insta::assert_snapshot!(badge(Tally { documented: 1_999, asked: 2_000 }));
        let table = [(0, 0, "none asked"), (0, 3, "0 %"), (3, 3, "100 %"), (999, 1_000, "99 %")];
        for (documented, asked, shown) in table {
            let badge = badge(Tally { documented, asked });
            assert!(badge.contains(&format!("<title>docstrings: {shown}</title>")), "{badge}");
        }
    }
}
