// What the desk of an agent loads: htmx for parts of pages, and news of tickets as it happens.
import "htmx.org";
import { io } from "socket.io-client";

export const news = io({ transports: ["websocket"] });
