import { useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** Introspect again whenever another supergraph is served than the one that the page knows. */
export function useFreshSchema(supergraph) {
  const { introspect } = useGraphiQLActions();
  const known = useRef(undefined);
  useEffect(() => {
    const isNews = known.current !== undefined && supergraph !== known.current;
    if (isNews && supergraph !== null) introspect();
    known.current = supergraph;
  }, [supergraph, introspect]);
}
