//! Draws from the distributions that print traffic is made of, repeatable for a seed.

use std::f64::consts::TAU;

use crate::chance;

/// Mean above which a Poisson count is drawn from the normal distribution, which by then is
/// within a per cent of it and takes one draw in place of one for each event.
const POISSON_NORMAL_ABOVE: f64 = 40.0;

/// One sequence of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Draws(u64);

impl Draws {
    /// The sequence that belongs to `parts` and to nothing else.
    pub(super) fn of(parts: &[u64]) -> Self {
        Self(chance::hash(parts))
    }

    /// 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = chance::next(self.0);
        self.0
    }

    /// A number from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(super) fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits() >> 11) as f64 * SCALE
    }

    /// A number from 0 to below `bound`; 0 where `bound` is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let scaled = (self.bits() >> 32) * u64::from(bound);
        u32::try_from(scaled >> 32).unwrap_or(0)
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `choices`, each as likely as the others.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(self.below(count) as usize)
    }

    /// One of `choices`, each as likely as its weight says; their sum must be below 2^32.
    pub(super) fn weighted<'a, T>(&mut self, choices: &'a [(T, u32)]) -> Option<&'a T> {
        let mut left = self.below(choices.iter().map(|(_, weight)| weight).sum());
        let chosen = choices.iter().find(|(_, weight)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        chosen.map(|(choice, _)| choice)
    }

    /// The standard normal distribution (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// The log-normal distribution; `mu` and `sigma` are those of the logarithm.
    pub(super) fn log_normal(&mut self, mu: f64, sigma: f64) -> f64 {
        (mu + sigma * self.normal()).exp()
    }

    /// The Pareto distribution from 1 upwards: a power law with the exponent `alpha`.
    pub(super) fn pareto(&mut self, alpha: f64) -> f64 {
        (1.0 - self.unit()).powf(-1.0 / alpha)
    }

    /// How often something happens that happens `mean` times on average (Knuth's product).
    pub(super) fn poisson(&mut self, mean: f64) -> u32 {
        if mean > POISSON_NORMAL_ABOVE {
            return whole((mean + mean.sqrt() * self.normal()).round());
        }
        let limit = (-mean).exp();
        let mut count = 0;
        let mut product = self.unit();
        while product > limit {
            count += 1;
            product *= self.unit();
        }
        count
    }
}

/// The whole part of `number`, within the range of the type.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is asked for"
)]
pub(super) fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(draws: u32, mut draw: impl FnMut() -> f64) -> f64 {
        (0..draws).map(|_| draw()).sum::<f64>() / f64::from(draws)
    }

    fn close(actual: f64, expected: f64) {
        assert!((actual / expected - 1.0).abs() < 0.02, "{actual}");
    }

    #[test]
    fn the_means_are_those_of_the_distributions() {
        let mut draws = Draws::of(&[1]);
        close(mean(50_000, || draws.unit()), 0.5);
        close(mean(50_000, || f64::from(draws.below(101))), 50.0);
        close(mean(50_000, || draws.log_normal(0.42, 0.5)), 1.7243);
        close(mean(50_000, || draws.pareto(3.0)), 1.5);
        close(mean(50_000, || f64::from(draws.poisson(2.7))), 2.7);
        close(mean(50_000, || f64::from(draws.poisson(90.0))), 90.0);
    }

    #[test]
    fn weights_are_kept_and_nothing_is_chosen_of_nothing() {
        let mut draws = Draws::of(&[1]);
        let table = [('a', 1), ('b', 0), ('c', 3)];
        let chosen: Vec<_> = (0..8_000).filter_map(|_| draws.weighted(&table)).collect();
        let of = |wanted| chosen.iter().filter(|chosen| ***chosen == wanted).count();
        assert_eq!((chosen.len(), of('b')), (8_000, 0));
        assert!((1_850..2_150).contains(&of('a')), "{}", of('a'));
        assert_eq!(draws.weighted::<char>(&[]), None);
        assert_eq!(draws.pick::<char>(&[]), None);
    }
}
