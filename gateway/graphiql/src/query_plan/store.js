import { StorageAPI } from '@graphiql/toolkit';
import { useSyncExternalStore } from 'react';

const ASK = 'plait:askForPlan';
const KEEP = 'plait:keepPlanInResponse';

const storage = new StorageAPI();
const listeners = new Set();

/**
 * What the panel shows. `answer` is null until an operation ran; its `plan` is null when the answer
 * carried none. `ask` is whether plans are asked for, `keep` whether the response pane shows them too.
 */
let state = { answer: null, ask: storage.get(ASK) !== 'false', keep: storage.get(KEEP) === 'true' };

export const usePlanState = () => useSyncExternalStore(subscribe, () => state);

export function askForPlans(ask) {
  storage.set(ASK, String(ask));
  update({ ask });
}

export function keepPlanInResponse(keep) {
  storage.set(KEEP, String(keep));
  update({ keep });
}

/** GraphiQL's own introspection has no plan worth seeing, and would hide that of the last operation. */
export const wantsPlan = (operation) => state.ask && operation.operationName !== 'IntrospectionQuery';

/** Remember the plan in a result, and return the result as the response pane should show it. */
export function takePlan(operation, result) {
  const { queryPlan: plan = null, ...extensions } = result?.extensions ?? {};
  update({ answer: { name: operation.operationName ?? null, plan } });
  if (plan === null || state.keep) return result;
  const { extensions: _, ...shown } = result;
  return Object.keys(extensions).length > 0 ? { ...shown, extensions } : shown;
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function update(changes) {
  state = { ...state, ...changes };
  for (const listener of listeners) listener();
}
