import { takePlan, wantsPlan } from './query_plan/store.js';

/** The fetcher that GraphiQL calls: one POST per operation, with the plan taken out of the answer. */
export function createFetcher({ endpoint, queryPlan }) {
  return async (operation, options) => {
    const asksForPlan = queryPlan && wantsPlan(operation);
    const result = await post(endpoint, operation, {
      ...options?.headers,
      ...(asksForPlan && { 'plait-expose-query-plan': 'true' }),
    });
    return asksForPlan ? takePlan(operation, result) : result;
  };
}

async function post(endpoint, operation, headers) {
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
