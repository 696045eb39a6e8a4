import type { FastifyPluginCallback } from 'fastify';

import { routeConfig } from '../route/route-config.ts';
import { loginPage, loginScript } from './login-page.ts';

export const LOGIN_PAGE = '/login';

export const loginPageRoutes: FastifyPluginCallback = (app, _options, done) => {
  const page = { config: routeConfig('public'), schema: { hide: true } };
  app.get(LOGIN_PAGE, page, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(loginPage),
  );
  app.get('/login/login.js', page, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(loginScript),
  );
  done();
};
