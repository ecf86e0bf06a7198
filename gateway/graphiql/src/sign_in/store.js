/** Who asks: a visitor, or one of those whom the server lets one be. */
export class SignIn {
  #operation;
  #variables;
  #ask;
  #name = null;
  #token = null; // a promise of it, so that operations that are run meanwhile wait for it

  /** `ask` posts an operation and gives its result. */
  constructor({ operation, variables }, ask) {
    this.#operation = operation;
    this.#variables = variables;
    this.#ask = ask;
  }

  get names() {
    return Object.keys(this.#variables);
  }

  /** Be somebody from the next operation on; null: a visitor. */
  be(name) {
    this.#name = name;
    this.#token = null;
  }

  /** The headers of whoever asks. Throws when the login is refused. */
  async headers() {
    if (this.#name === null) return {};
    this.#token ??= this.#logIn(this.#name);
    try {
      return { authorization: `Bearer ${await this.#token}` };
    } catch (problem) {
      this.#token = null;
      throw problem;
    }
  }

  /** Whether a result says that the token is good no more; the next one will be another one. */
  isOver(result) {
    const isOver = this.#token !== null && result.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED';
    if (isOver) this.#token = null;
    return isOver;
  }

  async #logIn(name) {
    const result = await this.#ask({ query: this.#operation, variables: this.#variables[name] });
    const payload = Object.values(result.data ?? {})[0];
    const problem = result.errors?.[0] ?? payload?.errors?.[0];
    if (!payload?.accessToken) throw new Error(problem?.message ?? 'There is no token in the answer.');
    return payload.accessToken;
  }
}
