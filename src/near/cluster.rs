//! Articles and the pairs found among them to works.

/// Two articles that are one work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The lower place.
    pub a: usize,
    /// The higher place.
    pub b: usize,
    /// How sure: 1 for the same text, more where a person said so.
    pub score: f64,
}

/// The place of each article's work, which is the least place in it. Surest pairs join first; a pair that would bring
/// together two articles a person has held apart joins nothing. The result depends on the places, not on the order
/// of the lists.
pub fn cluster(articles: usize, edges: &[Edge], apart: &[(usize, usize)]) -> Vec<usize> {
    let mut edges = edges.to_vec();
    edges.sort_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut works: Vec<usize> = (0..articles).collect();
    for edge in edges {
        let (Some(&one), Some(&two)) = (works.get(edge.a), works.get(edge.b)) else { continue };
        let work = |article: usize| works.get(article).copied();
        let forbidden = apart.iter().any(|(x, y)| {
            let (x, y) = (work(*x), work(*y));
            (x, y) == (Some(one), Some(two)) || (x, y) == (Some(two), Some(one))
        });
        if one == two || forbidden {
            continue;
        }
        let (kept, left) = (one.min(two), one.max(two));
        works.iter_mut().filter(|work| **work == left).for_each(|work| *work = kept);
    }
    works
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(a: usize, b: usize, score: f64) -> Edge {
        Edge { a, b, score }
    }

    #[test]
    fn works_are_what_hangs_together() {
        let edges = [edge(3, 4, 0.9), edge(0, 2, 1.0), edge(2, 3, 0.85)];
        assert_eq!(cluster(6, &edges, &[]), [0, 1, 0, 0, 0, 5]);
    }

    #[test]
    fn what_a_person_held_apart_stays_apart() {
        let edges = [edge(0, 1, 0.9), edge(1, 2, 0.95), edge(0, 2, 1.0)];
        assert_eq!(cluster(3, &edges, &[(2, 0)]), [0, 1, 1], "the surer pair wins the one between");
        let reversed: Vec<_> = edges.iter().rev().copied().collect();
        assert_eq!(cluster(3, &reversed, &[(0, 2)]), [0, 1, 1]);
    }
}
