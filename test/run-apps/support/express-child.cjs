'use strict';
/** Runs an Express app in a process of its own and answers the test: its address and its real route table. */
const express = require('express');

// Express forgets the path a layer was registered with; the route table needs it.
const paths = new WeakMap();
const originalUse = express.Router.use;
express.Router.use = function use(...args) {
  const before = this.stack.length;
  const out = originalUse.apply(this, args);
  const first = args[0];
  const path = typeof first === 'string' ? first : '';
  for (const layer of this.stack.slice(before)) paths.set(layer, path);
  return out;
};

const apps = new Set();
const originalListen = express.application.listen;
express.application.listen = function listen(...args) {
  apps.add(this);
  const server = originalListen.apply(this, args);
  server.on('listening', () => process.send({ port: server.address().port }));
  return server;
};

const join = (a, b) => `${a}${b === '/' ? '' : b}` || '/';

function routesOf(stack, prefix) {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const all = [].concat(layer.route.path);
      const named = Object.keys(layer.route.methods);
      // `app.all` registers every verb there is.
      const methods = named.length > 20 ? ['ALL'] : named.map((m) => (m === '_all' ? 'ALL' : m.toUpperCase()));
      return all.flatMap((p) => methods.map((m) => `${m} ${join(prefix, String(p))}`));
    }
    const path = join(prefix, paths.get(layer) ?? '');
    if (layer.name === 'serveStatic') return [`USE ${path}`];
    return layer.handle.stack ? routesOf(layer.handle.stack, path === '/' ? '' : path) : [];
  });
}

process.on('message', (ask) => {
  if (ask === 'routes') process.send({ routes: [...apps].flatMap((app) => routesOf(app._router.stack, '')) });
});
process.on('disconnect', () => process.exit(0));

process.env.PORT = '0';
require(process.argv[2]);
