import { pathText } from './path.js';
import { Operation } from './operation.jsx';

/** One node of the plan and all below it. `open` is whether fetches begin with their operation shown. */
export function PlanNode({ node, ...shared }) {
  switch (node.kind) {
    case 'Fetch':
      return <Fetch fetch={node} {...shared} />;
    case 'BatchFetch':
      return (
        <Steps
          as="ul"
          className="plait-parallel"
          label={`one request to ${node.serviceName}`}
          nodes={node.nodes}
          {...shared}
        />
      );
    case 'Flatten':
      return <Flatten node={node} {...shared} />;
    case 'Sequence':
      return <Steps as="ol" className="plait-sequence" label="one after another" nodes={node.nodes} {...shared} />;
    case 'Parallel':
      return <Steps as="ul" className="plait-parallel" label="at the same time" nodes={node.nodes} {...shared} />;
    case 'Condition':
      return <Condition node={node} {...shared} />;
    default:
      return <p>This page does not know the plan node “{node.kind}”.</p>;
  }
}

function Fetch({ fetch, path, hues, open }) {
  const operationKind = fetch.operationKind ?? 'query';
  return (
    <article
      className="plait-fetch"
      aria-label={`Fetch from ${fetch.serviceName}`}
      style={{ '--hue': hues.get(fetch.serviceName) }}
    >
      <p className="plait-fetch-title">
        <strong>{fetch.serviceName}</strong>
        <span>{path ? 'entities' : operationKind}</span>
      </p>
      {path && (
        <p className="plait-place">
          at <code>{pathText(path)}</code>
        </p>
      )}
      <Operation text={fetch.operation} open={open} />
    </article>
  );
}

/** A fetch carries its own place; only around other nodes does the place need a frame. */
function Flatten({ node, ...shared }) {
  if (node.node.kind === 'Fetch') return <Fetch fetch={node.node} path={node.path} {...shared} />;
  return (
    <div className="plait-frame">
      <p className="plait-step-label">
        at <code>{pathText(node.path)}</code>
      </p>
      <PlanNode node={node.node} {...shared} />
    </div>
  );
}

function Steps({ as: List, className, label, nodes, ...shared }) {
  return (
    <div className={className}>
      <p className="plait-step-label">{label}</p>
      <List aria-label={label}>
        {nodes.map((node, index) => (
          <li key={index}>
            <PlanNode node={node} {...shared} />
          </li>
        ))}
      </List>
    </div>
  );
}

function Condition({ node, ...shared }) {
  return (
    <div className="plait-frame">
      {node.ifClause && <Branch word="if" variable={node.condition} node={node.ifClause} {...shared} />}
      {node.elseClause && <Branch word="unless" variable={node.condition} node={node.elseClause} {...shared} />}
    </div>
  );
}

function Branch({ word, variable, node, ...shared }) {
  return (
    <>
      <p className="plait-step-label">
        {word} <code>${variable}</code>
      </p>
      <PlanNode node={node} {...shared} />
    </>
  );
}
