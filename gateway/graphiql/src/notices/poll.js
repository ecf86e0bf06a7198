import { useEffect, useState } from 'react';

const EVERY_MS = 2000;

/**
 * What the gateway has to say, asked for again and again: `supergraph` is undefined until the first
 * answer, then the hash of the graph that is served, or null while there is none. While the gateway does
 * not answer, what it said last stands and `reachable` is false.
 */
export function useNotices(url) {
  const [state, setState] = useState({ supergraph: undefined, notices: [], reachable: true });
  useEffect(() => {
    const stop = new AbortController();
    let timer;
    const poll = async () => {
      const news = await read(url, stop.signal);
      if (stop.signal.aborted) return;
      setState((last) => ({ ...last, ...news }));
      timer = setTimeout(poll, EVERY_MS);
    };
    poll();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [url]);
  return state;
}

async function read(url, signal) {
  try {
    const response = await fetch(url, { signal, cache: 'no-store', headers: { accept: 'application/json' } });
    if (!response.ok) return { reachable: false };
    const { supergraph, notices } = await response.json();
    return { supergraph, notices, reachable: true };
  } catch {
    return { reachable: false };
  }
}
