export default `Votre message à la liste de diffusion $listname n'a pas été accepté.
En voici les raisons :

$reasons

Votre message est joint tel que nous l'avons reçu.
`;
