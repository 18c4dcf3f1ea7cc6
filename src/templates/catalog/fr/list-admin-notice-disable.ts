export default `Trop de messages adressés à ce membre de $listname n'ont pas pu être
remis :

    $member

Jusqu'à nouvel ordre, plus aucun message n'est envoyé à cette
adresse ; l'abonnement lui-même demeure. Le dernier avis de non-remise
est joint s'il a été conservé.

Pour toute question, veuillez écrire aux administrateurs de ce
serveur : $site_email.
`;
