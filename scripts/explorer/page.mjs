// The page at GET /graphql: GraphiQL, with an API key that stays in the memory of the page.

import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createElement, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './page.css';

const HERE = location.pathname.replace(/\/$/, '');

self.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(`${HERE}/explorer/${label === 'json' || label === 'graphql' ? label : 'editor'}.worker.js`),
};

function fetcherFor(key) {
  const authorization = `Bearer ${key}`;
  const socket = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}${HERE}`,
    connectionParams: { authorization },
    retryAttempts: 5,
  });
  return (request, { documentAST, headers } = {}) => {
    const operation = documentAST?.definitions.find(
      (definition) =>
        definition.kind === 'OperationDefinition' &&
        (!request.operationName || definition.name?.value === request.operationName),
    );
    if (operation?.operation === 'subscription') return socket.iterate(request);
    return fetch(HERE, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization, ...headers },
      body: JSON.stringify(request),
    }).then((response) => response.json());
  };
}

const DEFAULT_QUERY = `{
  house { state now seq }
  marginCalls(first: 5, status: [OPEN], order: NEWEST) {
    totalCount
    nodes { account { id } status amount currency deadline }
  }
}
`;

function Page() {
  const [draft, setDraft] = useState('');
  const [key, setKey] = useState('');
  const fetcher = useMemo(() => fetcherFor(key), [key]);
  const bar = createElement(
    'form',
    {
      className: 'key-bar',
      onSubmit(event) {
        event.preventDefault();
        setKey(draft.trim());
      },
    },
    createElement('label', { htmlFor: 'key' }, 'API key'),
    createElement('input', {
      id: 'key',
      type: 'password',
      autoComplete: 'off',
      placeholder: 'nvk_…',
      value: draft,
      onChange: (event) => setDraft(event.target.value),
    }),
    createElement('button', { type: 'submit' }, 'Use'),
  );
  const body = key
    ? createElement(GraphiQL, { key, fetcher, defaultQuery: DEFAULT_QUERY })
    : createElement(
        'p',
        { className: 'hint' },
        'Enter an API key to explore the house. It is kept in the memory of this page alone.',
      );
  return createElement('div', { className: 'page' }, bar, body);
}

createRoot(document.getElementById('root')).render(createElement(Page));
