export default `Un message adressé à ce membre de $listname n'a pas pu être remis, et
le score d'erreurs de l'adresse a augmenté :

    $member

L'avis de non-remise est joint s'il a été conservé.

Pour toute question, veuillez écrire aux administrateurs de ce
serveur : $site_email.
`;
