import './workers.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './page.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { config } from './config.js';
import { createFetcher } from './fetcher.js';
import { Notices } from './notices/banner.jsx';
import { queryPlanPlugin } from './query_plan/plugin.jsx';

const plugins = [HISTORY_PLUGIN, explorerPlugin(), ...(config.queryPlan ? [queryPlanPlugin] : [])];
const hasHeaders = Object.keys(config.headers).length > 0;

createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={createFetcher(config)}
    plugins={plugins}
    defaultQuery={config.defaultQuery ?? undefined}
    defaultHeaders={hasHeaders ? JSON.stringify(config.headers, null, 2) : undefined}
    defaultEditorToolsVisibility={hasHeaders ? 'headers' : undefined}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span className="plait-logo">{config.title}</span>
    </GraphiQL.Logo>
    {config.noticesUrl && <Notices url={config.noticesUrl} />}
  </GraphiQL>,
);
