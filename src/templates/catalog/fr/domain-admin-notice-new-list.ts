export default `La liste de diffusion $listname vient d'être créée, et vous en êtes
propriétaire. Voici ce qu'il vous faut pour commencer.

Les messages destinés à la liste s'envoient à

    $listname

Pour s'abonner, il suffit d'écrire à

    $short_listname-join@$domain

et pour se désabonner, à

    $short_listname-leave@$domain

Pour savoir ce que la liste sait faire d'autre par courriel, envoyez
un message ayant pour objet le mot « help » à

    $requestaddr

Les administrateurs de ce serveur répondent à vos questions :

    $siteowner
`;
