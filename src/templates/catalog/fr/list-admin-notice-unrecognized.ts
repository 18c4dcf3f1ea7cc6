export default `Le message joint est arrivé à l'adresse qui reçoit les avis de
non-remise de la liste de diffusion $listname. Soit il ne s'agit pas
d'un tel avis, soit il ne dit pas quel membre il concerne.

Si vous y reconnaissez une adresse qui ne fonctionne plus, veuillez
vous occuper vous-même de ce membre.
`;
