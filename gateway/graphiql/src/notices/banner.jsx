import './banner.css';

import { useNotices } from './poll.js';
import { useFreshSchema } from './schema.js';

/** Above GraphiQL: what is wrong with the graph right now. Nothing when all is well. */
export function Notices({ url }) {
  const { supergraph, notices, reachable } = useNotices(url);
  useFreshSchema(supergraph);
  const errors = notices.filter((notice) => notice.severity === 'error');
  const hints = notices.filter((notice) => notice.severity !== 'error');
  return (
    <div className="plait-notices" role="status" aria-live="polite">
      {!reachable && (
        <p className="plait-notice-group plait-error">
          The gateway does not answer. This page goes on asking.
        </p>
      )}
      {errors.length > 0 && (
        <Group className="plait-error" open notices={errors} summary={errorSummary(errors.length, supergraph)} />
      )}
      {hints.length > 0 && (
        <Group className="plait-hint" notices={hints} summary={count(hints.length, 'hint', 'about the graph')} />
      )}
    </div>
  );
}

function Group({ className, open = false, notices, summary }) {
  return (
    <details className={`plait-notice-group ${className}`} open={open}>
      <summary>{summary}</summary>
      <ul>
        {notices.map((notice) => (
          <Notice key={JSON.stringify(notice)} notice={notice} />
        ))}
      </ul>
    </details>
  );
}

function Notice({ notice: { code, message, coordinate, subgraphs, locations, fix } }) {
  return (
    <li>
      <code className="plait-code">{code}</code> {coordinate && <code>{coordinate}</code>} {message}
      {fix && <p className="plait-fix">{fix}</p>}
      <ul className="plait-places">
        {locations.length > 0
          ? locations.map((place) => <li key={JSON.stringify(place)}>{<Place {...place} />}</li>)
          : subgraphs.map((subgraph) => <li key={subgraph}>{subgraph}</li>)}
      </ul>
    </li>
  );
}

function Place({ subgraph, file, line, column }) {
  return (
    <>
      {subgraph} <code>{[file, line, column].filter((part) => part !== null).join(':')}</code>
    </>
  );
}

const errorSummary = (number, supergraph) =>
  `${count(number, 'error', 'in the schemas')}. ${supergraph ? 'The last graph that composed is served.' : 'No graph is served.'}`;

const count = (number, word, rest) => `${number} ${word}${number === 1 ? '' : 's'} ${rest}`;
