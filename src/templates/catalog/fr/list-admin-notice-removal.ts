export default `Cette adresse ne fait plus partie de la liste de diffusion $mlist, car
les messages qui lui étaient adressés n'ont à plusieurs reprises pas
pu être remis :

    $member

Le dernier avis de non-remise est joint s'il a été conservé.

Pour toute question, veuillez écrire aux administrateurs de ce
serveur : $site_email.
`;
