/**
 * What is found out about a document once: callers send the same few documents again and again, and the server keeps
 * each parsed, so that to walk through it for every request would cost more than the request.
 */

import type { DocumentNode } from 'graphql';

export function ofDocument<Finding extends object | boolean>(
  find: (document: DocumentNode) => Finding,
): (document: DocumentNode) => Finding {
  const known = new WeakMap<DocumentNode, Finding>();
  return (document) => {
    const found = known.get(document) ?? find(document);
    known.set(document, found);
    return found;
  };
}
