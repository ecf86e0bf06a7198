import { Kind, parse } from 'graphql';

/**
 * The operation under the name of one that its text holds. GraphiQL learns a moment after a tab was opened or
 * text was typed which operations are there, and whoever is quicker would send the name of the one before.
 */
export function withNameOfItsOwn(operation) {
  const names = operationNames(operation.query);
  if (names.length === 0 || names.includes(operation.operationName ?? undefined)) return operation;
  return { ...operation, operationName: names[0] };
}

/** The name of each operation, undefined for one without; none of a text that is no document. */
function operationNames(text) {
  try {
    const { definitions } = parse(text, { noLocation: true });
    return definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).map(({ name }) => name?.value);
  } catch {
    return []; // the gateway says what is wrong with it, and where
  }
}
