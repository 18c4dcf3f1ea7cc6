export default `Nous avons reçu de votre adresse $sender_email un nouveau message
auquel la liste de diffusion $display_name répondrait automatiquement.
Réponses automatiques qui vous ont déjà été envoyées aujourd'hui :
$count. Pour éviter que deux programmes ne se répondent sans fin,
celle-ci est la dernière jusqu'à demain ; vos messages continuent
toutefois de nous parvenir.

Pour toute question, veuillez écrire aux propriétaires de la liste :
$owneremail.
`;
