/** What the page's server decided: see GraphiQLSettings in plait_gateway/graphiql. */
export const config = JSON.parse(document.getElementById('plait-config').textContent);
