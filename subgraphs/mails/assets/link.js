// Runs the operation behind a link, as whoever was chosen.
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { accessToken errors { message } } }`;

const find = (id) => document.getElementById(id);

async function ask(query, variables, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

async function tokenOf(login) {
  if (!login) return null;
  const answer = await ask(LOGIN, { input: JSON.parse(login) });
  const token = answer.data?.login?.accessToken;
  if (!token) throw new Error(answer.data?.login?.errors?.[0]?.message ?? "The login failed.");
  return token;
}

find("operation").addEventListener("submit", async (event) => {
  event.preventDefault();
  const result = find("result");
  result.textContent = "Asking ...";
  try {
    const variables = JSON.parse(find("variables").value || "{}");
    const token = await tokenOf(find("login").value);
    result.textContent = JSON.stringify(await ask(find("document").textContent, variables, token), null, 2);
  } catch (problem) {
    result.textContent = `${problem.message}`;
  }
});
find("run").disabled = false; // before, the browser would send the form itself, and lose the token
