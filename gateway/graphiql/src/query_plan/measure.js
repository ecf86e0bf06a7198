/** Questions about a plan as JSON: pure functions over its nodes. */

/** The nodes directly below one, in order. */
export function childrenOf(node) {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
    case 'BatchFetch':
      return node.nodes;
    case 'Flatten':
      return [node.node];
    case 'Condition':
      return [node.ifClause, node.elseClause].filter(Boolean);
    default:
      return [];
  }
}

/** Every request below a node, be it a fetch or a batch of them, in the order of the plan. */
export const requestsOf = (node) => (isRequest(node) ? [node] : childrenOf(node).flatMap(requestsOf));

const isRequest = (node) => node.kind === 'Fetch' || node.kind === 'BatchFetch';

/** How many requests wait for one another: what the plan costs in round trips. */
export function roundTrips(node) {
  const below = childrenOf(node).map(roundTrips);
  if (node.kind === 'Fetch') return 1;
  return node.kind === 'Sequence' ? below.reduce((sum, trips) => sum + trips, 0) : Math.max(0, ...below);
}
