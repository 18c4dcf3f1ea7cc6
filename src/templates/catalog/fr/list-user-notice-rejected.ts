export default `Votre message à la liste de diffusion $listname n'a pas été accepté,
pour les raisons suivantes :

$reasons

Votre message est joint tel que nous l'avons reçu.
`;
