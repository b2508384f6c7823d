// Slack's Socket Mode and Web API clients by themselves, without Bolt.
import { SocketModeClient, LogLevel } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";

const slackApiUrl = process.env.SLACK_API_URL;
const web = new WebClient(process.env.SLACK_BOT_TOKEN, { slackApiUrl, retryConfig: { retries: 0 } });
const socket = new SocketModeClient({ appToken: process.env.SLACK_APP_TOKEN, clientOptions: { slackApiUrl }, logLevel: LogLevel.WARN });

socket.on("slash_commands", async ({ ack, body }) => {
  const auth = await web.auth.test();
  const refused = await web.chat.postMessage({ channel: "C0NOWHERE0", text: "x" }).catch((e) => e.data.error);
  await ack({ text: `${body.command} ${auth.user_id} ${refused} ${auth.response_metadata.scopes.includes("chat:write")}` });
});

await socket.start();
console.log("ready");
process.stdin.resume();
process.stdin.on("end", async () => {
  await socket.disconnect();
  process.exit(0);
});
