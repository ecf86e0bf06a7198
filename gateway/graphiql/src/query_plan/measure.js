/** Questions about a plan as JSON: pure functions over its nodes. */

/** The nodes directly below one, in order. */
export function childrenOf(node) {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes;
    case 'Flatten':
      return [node.node];
    case 'Condition':
      return [node.ifClause, node.elseClause].filter(Boolean);
    default:
      return [];
  }
}

/** Every fetch below a node, in the order of the plan. */
export const fetchesOf = (node) => (node.kind === 'Fetch' ? [node] : childrenOf(node).flatMap(fetchesOf));

/** How many fetches wait for one another: what the plan costs in round trips. */
export function roundTrips(node) {
  const below = childrenOf(node).map(roundTrips);
  if (node.kind === 'Fetch') return 1;
  return node.kind === 'Sequence' ? below.reduce((sum, trips) => sum + trips, 0) : Math.max(0, ...below);
}
