export default `Trop de messages envoyés par la liste $listname à votre adresse

    $sender_email

n'ont pas pu être remis. Vous êtes toujours membre, mais jusqu'à
nouvel ordre plus aucun message de la liste ne vous est envoyé.

Si votre adresse fonctionne à nouveau, veuillez écrire à $owner_email
pour que les messages vous soient envoyés comme auparavant. Sinon,
vous recevrez encore quelques rappels comme celui-ci, puis votre
adresse sera retirée de la liste.
`;
