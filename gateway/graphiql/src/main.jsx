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
import { createFetcher, post } from './fetcher.js';
import { Notices } from './notices/banner.jsx';
import { queryPlanPlugin } from './query_plan/plugin.jsx';
import { Picker } from './sign_in/picker.jsx';
import { SignIn } from './sign_in/store.js';

const plugins = [HISTORY_PLUGIN, explorerPlugin(), ...(config.queryPlan ? [queryPlanPlugin] : [])];
const signIn = config.signIn && new SignIn(config.signIn, (operation) => post(config.endpoint, operation));
const tabs = [config.defaultQuery, ...config.examples].filter(Boolean).map((query) => ({ query }));
const hasHeaders = Object.keys(config.headers).length > 0;

createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={createFetcher(config, signIn)}
    plugins={plugins}
    defaultQuery={config.defaultQuery ?? undefined}
    defaultTabs={tabs.length > 1 ? tabs : undefined}
    defaultHeaders={hasHeaders ? JSON.stringify(config.headers, null, 2) : undefined}
    defaultEditorToolsVisibility={hasHeaders ? 'headers' : undefined}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      {signIn && <Picker signIn={signIn} />}
      <span className="plait-logo">{config.title}</span>
    </GraphiQL.Logo>
    {config.noticesUrl && <Notices url={config.noticesUrl} />}
  </GraphiQL>,
);
