import './panel.css';

import { useState } from 'react';

import { huesFor } from './hues.js';
import { requestsOf, roundTrips } from './measure.js';
import { PlanNode } from './nodes.jsx';
import { askForPlans, keepPlanInResponse, usePlanState } from './store.js';

/** The last operation's plan, drawn; and whether to ask for plans at all. */
export function Panel() {
  const { answer, ask, keep } = usePlanState();
  return (
    <section className="plait-plan" aria-label="Query plan">
      <h2>Query Plan</h2>
      <div className="plait-plan-settings">
        <Setting checked={ask} onChange={askForPlans} label="Ask the gateway for plans" />
        <Setting checked={keep} onChange={keepPlanInResponse} label="Show the plan in the response too" />
      </div>
      <Answer answer={answer} ask={ask} />
    </section>
  );
}

function Setting({ checked, onChange, label }) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} /> {label}
    </label>
  );
}

function Answer({ answer, ask }) {
  if (!ask) {
    return <p>No plans are asked for.</p>;
  }
  if (answer === null) {
    return <p>Run an operation to see how the gateway answers it.</p>;
  }
  if (answer.plan === null) {
    return <p>The last answer carried no plan: the operation is not valid, or this gateway keeps its plans to itself.</p>;
  }
  if (!answer.plan.node) {
    return <p>The gateway answered by itself, without asking a subgraph.</p>;
  }
  return <Plan key={JSON.stringify(answer.plan)} name={answer.name} root={answer.plan.node} text={answer.plan.text} />;
}

function Plan({ name, root, text }) {
  const [open, setOpen] = useState(false);
  const requests = requestsOf(root);
  const hues = huesFor(requests.map((request) => request.serviceName));
  return (
    <>
      <p className="plait-plan-summary" role="status">
        {name && <strong>{name}: </strong>}
        {count(requests.length, 'fetch', 'fetches')} from {count(hues.size, 'subgraph')} in{' '}
        {count(roundTrips(root), 'round trip')}
      </p>
      <button type="button" className="plait-plan-toggle" aria-pressed={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide all operations' : 'Show all operations'}
      </button>
      <div className="plait-plan-tree">
        <PlanNode key={open} node={root} hues={hues} open={open} />
      </div>
      {text && (
        <details className="plait-disclosure">
          <summary>Plan as text</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
      )}
    </>
  );
}

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
