# The image holds one file to run, the certificate authorities it trusts and a folder for its data: no shell, no
# package manager, nobody to log in as.
#
#   docker build -t fireboss .
#   docker run -v fireboss-data:/data -v "$PWD/config.yaml:/etc/fireboss/config.yaml:ro" \
#     -e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN fireboss
#
# The configuration's store is to be in the volume: store: /data/fireboss.db

FROM golang:1.26.8 AS build
WORKDIR /src

# Modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
# timetzdata puts the time zones in the binary; the image has none.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '-s -w' -o /out/fireboss . \
 && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/fireboss /fireboss
# Nobody in particular, by number: there is no /etc/passwd. A new volume takes the folder's owner.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# Only with http.listen on another address than 127.0.0.1; see docs/operations.md.
EXPOSE 8080
# Ready is: the store can be written and Slack is connected.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["/fireboss", "health", "--config", "/etc/fireboss/config.yaml"]
ENTRYPOINT ["/fireboss"]
CMD ["serve", "--config", "/etc/fireboss/config.yaml"]
