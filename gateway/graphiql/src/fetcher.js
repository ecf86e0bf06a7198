import { withNameOfItsOwn } from './operation_name.js';
import { takePlan, wantsPlan } from './query_plan/store.js';

/**
 * The fetcher that GraphiQL calls: one POST per operation, with the plan taken out of the answer. Headers of the
 * tab come before those of `signIn`, whose token is asked for again when it is over.
 */
export function createFetcher({ endpoint, queryPlan }, signIn) {
  const send = async (operation, headers) => {
    try {
      return await post(endpoint, operation, { ...(await signIn?.headers()), ...headers });
    } catch (problem) {
      return failure(`The login has failed: ${problem.message}`);
    }
  };
  return async (given, options) => {
    const operation = withNameOfItsOwn(given);
    const asksForPlan = queryPlan && wantsPlan(operation);
    const headers = { ...options?.headers, ...(asksForPlan && { 'plait-expose-query-plan': 'true' }) };
    let result = await send(operation, headers);
    if (signIn?.isOver(result)) result = await send(operation, headers);
    return asksForPlan ? takePlan(operation, result) : result;
  };
}

/** One POST of an operation. What goes wrong is a result with an error. */
export async function post(endpoint, operation, headers = {}) {
  const allHeaders = new Headers({
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
  });
  for (const [name, value] of Object.entries(headers)) allHeaders.set(name, value);
  let response;
  try {
    response = await fetch(endpoint, { method: 'POST', headers: allHeaders, body: JSON.stringify(operation) });
  } catch (error) {
    return failure(`No answer from ${endpoint} (${error.message}). Is the gateway running?`);
  }
  try {
    return await response.json();
  } catch {
    const type = response.headers.get('content-type') ?? 'no content type';
    return failure(`${endpoint} answered with status ${response.status} and ${type}, which is not JSON.`);
  }
}

// A result and not an exception: GraphiQL would print an exception with this bundle's stack.
const failure = (message) => ({ errors: [{ message }] });
