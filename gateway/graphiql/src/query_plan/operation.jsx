import { useMonaco } from '@graphiql/react';
import { parse, print } from 'graphql';
import { useEffect, useState } from 'react';

/** The text that a subgraph is sent, one key press away. */
export function Operation({ text, open }) {
  return (
    <details className="plait-disclosure" open={open}>
      <summary>Operation</summary>
      <Highlighted text={pretty(text)} />
    </details>
  );
}

function Highlighted({ text }) {
  const monaco = useMonaco((state) => state.monaco);
  const [html, setHtml] = useState(null);
  useEffect(() => {
    let current = true;
    // Monaco escapes the text; what it returns is spans and line breaks.
    monaco?.editor.colorize(text, 'graphql', { tabSize: 2 }).then((colored) => current && setHtml(colored));
    return () => {
      current = false;
    };
  }, [monaco, text]);
  return html === null ? <pre tabIndex={0}>{text}</pre> : <pre tabIndex={0} dangerouslySetInnerHTML={{ __html: html }} />;
}

function pretty(text) {
  try {
    return print(parse(text));
  } catch {
    return text; // another gateway's dialect: shown as it came
  }
}
