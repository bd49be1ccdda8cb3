//! Vectors of an embedding model: read, kept as bytes, compared by the angle between them.

use super::words::{Ranked, in_order};

/// The longest vector that is believed; models give up to 3,072 numbers.
const LONGEST: usize = 16_384;

/// What an embedding model made of a text, with length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(Vec<f32>);

impl Vector {
    /// Takes numbers that point somewhere; none, too many, infinite ones and nothing but zeros do not.
    #[must_use]
    pub fn new(numbers: &[f32]) -> Option<Self> {
        if numbers.is_empty() || numbers.len() > LONGEST {
            return None;
        }
        let length = numbers.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
        if !length.is_finite() || length <= 0.0 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a number between -1 and 1, kept in four bytes")]
        let scaled = numbers.iter().map(|number| (f64::from(*number) / length) as f32).collect();
        Some(Self(scaled))
    }

    /// Returns the numbers.
    #[must_use]
    pub fn numbers(&self) -> &[f32] {
        &self.0
    }

    /// Returns the cosine of the angle to another vector, from -1 to 1; nothing for one of another length, which another model
    /// made.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> Option<f64> {
        let both = self.0.iter().zip(&other.0);
        (self.0.len() == other.0.len())
            .then(|| both.map(|(one, other)| f64::from(*one) * f64::from(*other)).sum())
    }

    /// Returns it as it is kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// Reads what was kept.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let numbers: Vec<f32> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
        if rest.is_empty() { Self::new(&numbers) } else { None }
    }

    /// Ranks others, given with their places, the nearest first.
    #[must_use]
    pub fn ranked<'a>(&self, others: impl Iterator<Item = (usize, &'a Self)>) -> Vec<Ranked> {
        let near = |(place, other): (usize, &Self)| Some(Ranked { place, score: self.cosine(other)? });
        let mut ranked: Vec<Ranked> = others.filter_map(near).collect();
        in_order(&mut ranked);
        ranked
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_that_point_nowhere_are_no_vector() {
        let long = vec![0.5; LONGEST + 1];
        let table: [&[f32]; 6] =
            [&[], &[0.0, 0.0], &[f32::NAN, 1.0], &[f32::INFINITY], &[1.0, f32::NEG_INFINITY], &long];
        for numbers in table {
            assert_eq!(Vector::new(numbers), None, "{:?}", numbers.first());
        }
        assert_eq!(Vector::from_bytes(&[0, 0, 128, 63, 1]), None);
        assert_eq!(Vector::from_bytes(&f32::NAN.to_le_bytes()), None);
        assert!(Vector::new(&[f32::MAX, f32::MAX]).is_some());
    }

    #[test]
    fn the_nearest_come_first_and_other_models_do_not_count() {
        let of = |numbers: &[f32]| Vector::new(numbers).unwrap();
        let others = [of(&[0.0, 1.0]), of(&[1.0, 0.1]), of(&[1.0]), of(&[2.0, 0.2])];
        let ranked = of(&[3.0, 0.0]).ranked(others.iter().enumerate());
        let places: Vec<usize> = ranked.iter().map(|it| it.place).collect();
        assert_eq!(places, [1, 3, 0], "{ranked:?}");
    }

    proptest! {
        #[test]
        fn a_vector_is_read_as_it_was_kept(numbers in prop::collection::vec(-10.0_f32..10.0, 1..40)) {
            prop_assume!(numbers.iter().any(|number| number.abs() > 0.001));
            let vector = Vector::new(&numbers).unwrap();
            let again = Vector::from_bytes(&vector.to_bytes()).unwrap();
            prop_assert!((vector.cosine(&again).unwrap() - 1.0).abs() < 1e-4);
        }
    }
}
