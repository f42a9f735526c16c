// The chat that a town's page embeds: a visitor writes, an agent answers.
import { io } from "socket.io-client";

export const conversation = io("/chat", { transports: ["websocket"], autoConnect: false });
