import { generateKlingToken } from "kling-auth";

const BASE_URL = "https://api.klingai.com/v1";
const token = generateKlingToken();

const response = await fetch(`${BASE_URL}/videos/text2video`, { // any endpoint to test auth
  headers: { Authorization: `Bearer ${token}` },
});

if (response.status === 401) {
  console.log("Auth failed — check AK/SK values");
} else if ([200, 400].includes(response.status)) {
  console.log("Auth working — credentials valid");
}
