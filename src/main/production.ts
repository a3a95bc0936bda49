/**
 * To be imported before everything else. The GraphQL library looks at every type twice unless it is told, before it is
 * loaded, that nobody develops with it: a fifth of the work on a list.
 */

process.env['NODE_ENV'] ??= 'production';
