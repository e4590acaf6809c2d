// Turning what the packages return into JSON.

/** An error as {name, message}, with those that it carries inside as `causes`. */
export function describe(error) {
  if(!(error instanceof Error)) {
    return {name: 'Error', message: typeof error === 'string' ? error : JSON.stringify(error) ?? String(error)};
  }
  const inner = [error.cause, error.errors, error.details?.event, error.details?.cause].flat()
    .filter(item => item !== undefined && item !== error);
  const causes = inner.map(describe);
  return {name: error.name, message: error.message, ...(causes.length ? {causes} : {})};
}

/** A result in which every Error has become its description; anything else that is not JSON is dropped. */
export function plain(value) {
  return value === undefined ? null :
    JSON.parse(JSON.stringify(value, (_, item) => item instanceof Error ? describe(item) : item));
}

/** The one shape of a verification: {verified, errors: [{name, message, causes?}]}. */
export function verdict({verified, error, results}) {
  const errors = [error ?? [], ...(results ?? []).map(result => result.error ?? [])].flat();
  return {verified, errors: [...new Set(errors)].map(describe)};
}
