# One image for every server role; UPTALLY_ROLES says which.
FROM node:24-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev

FROM node:24-slim AS server
WORKDIR /app
ENV NODE_ENV=production UPTALLY_DATA=/data UPTALLY_SELF_AGENT=0 HTTP_PORT=8080
COPY --from=build --chown=node:node /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 1883 8883 8083
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.HTTP_PORT||8080)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "fleet-api/dist/main.js", "serve"]

# The console as static files, with the API behind the same origin.
FROM nginx:1.29-alpine AS web
COPY --from=build /app/web/dist /usr/share/nginx/html
COPY docs/deploy/nginx.conf /etc/nginx/conf.d/default.conf
