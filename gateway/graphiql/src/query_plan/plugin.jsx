import { Panel } from './panel.jsx';

/** The plugin that GraphiQL's side bar opens. */
export const queryPlanPlugin = { title: 'Query Plan', icon: Icon, content: Panel };

function Icon(props) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <rect x="2.75" y="9.25" width="5.5" height="5.5" rx="1.5" />
      <rect x="15.75" y="3.25" width="5.5" height="5.5" rx="1.5" />
      <rect x="15.75" y="15.25" width="5.5" height="5.5" rx="1.5" />
      <path d="M8.25 12h3.5M15.75 6h-2a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2" />
    </svg>
  );
}
