/** Asks a person for an access token. What it sends is answered with a cookie that no script can read. */
export const loginPage: string = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Endwell diary: access token</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<main>
<h1>Access token needed</h1>
<form id="login">
<p><label>Token <input id="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Continue</button></p>
<p id="answer" role="alert"></p>
</form>
<p>"diary token create" makes one. It has to have the scope read; forgetting and ending processes need admin.</p>
</main>
<script type="module" src="/login/login.js"></script>
</body>
</html>
`;

export const loginScript: string = `const field = document.querySelector('#token');
const answer = document.querySelector('#answer');
document.querySelector('#login').addEventListener('submit', async (event) => {
  event.preventDefault();
  answer.textContent = '';
  try {
    const response = await fetch('/api/v1/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: field.value.trim() }),
    });
    if (response.ok) location.replace('/');
    else answer.textContent = (await response.json()).detail;
  } catch {
    answer.textContent = 'The server does not answer.';
  }
});
`;
