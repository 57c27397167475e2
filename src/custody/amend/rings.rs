//! Rings: records that are made of each other. Hashes rule them out, until a correction names new inputs.
//!
//! Tarjan's strongly connected components, with a stack of its own.

/// Returns `nodes` in groups, sources first; those of a ring stand in one group.
///
/// `edges[n]` are the nodes that consume from `n`; edges to nodes outside of `nodes` are passed over.
pub(in crate::custody) fn groups(edges: &[Vec<usize>], nodes: &[usize]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; edges.len()];
    let mut lowest = vec![UNSEEN; edges.len()];
    let mut is_open = vec![false; edges.len()];
    let mut is_inside = vec![false; edges.len()];
    nodes.iter().for_each(|node| is_inside[*node] = true);
    let mut open = Vec::new();
    let mut groups = Vec::new();
    let mut next = 0;
    for root in nodes {
        if number[*root] != UNSEEN {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(*root, 0)];
        while let Some((node, at)) = path.last_mut() {
            let node = *node;
            if *at == 0 {
                (number[node], lowest[node]) = (next, next);
                next += 1;
                open.push(node);
                is_open[node] = true;
            }
            match edges[node].get(*at) {
                Some(to) => {
                    *at += 1;
                    if !is_inside[*to] {
                    } else if number[*to] == UNSEEN {
                        path.push((*to, 0));
                    } else if is_open[*to] {
                        lowest[node] = lowest[node].min(number[*to]);
                    }
                }
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        lowest[*parent] = lowest[*parent].min(lowest[node]);
                    }
                    if lowest[node] == number[node] {
                        let from = open.iter().rposition(|one| *one == node).expect("a root is still open");
                        let mut group = open.split_off(from);
                        group.iter().for_each(|one| is_open[*one] = false);
                        group.sort_unstable();
                        groups.push(group);
                    }
                }
            }
        }
    }
    groups.reverse();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_one_group_between_its_sources_and_what_is_made_of_it() {
        // 3 -> 1 -> 0 -> 1, 0 -> 2
        let edges = vec![vec![1, 2], vec![0], vec![], vec![1]];
        assert_eq!(groups(&edges, &[0, 1, 2, 3]), vec![vec![3], vec![0, 1], vec![2]]);
        assert_eq!(groups(&edges, &[0, 2]), vec![vec![0], vec![2]]);
    }

    #[test]
    fn a_node_without_edges_is_seen_once_and_depth_costs_no_stack() {
        let edges: Vec<Vec<usize>> = (0..300_000).map(|at| vec![(at + 1) % 300_000]).collect();
        let all: Vec<usize> = (0..edges.len()).collect();
        assert_eq!(groups(&edges, &all).len(), 1);
        assert_eq!(groups(&[vec![], vec![]], &[0, 1]).len(), 2);
    }
}
